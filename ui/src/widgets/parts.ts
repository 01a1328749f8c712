/** What is loaded only for widgets that have it. */

/** The parts that a widget has asked for. */
export class Parts {
  readonly #asked = new Set<string>();
  readonly #missing = new Set<string>();

  /** @param missed Is told once of each part that could not be loaded. */
  constructor(private readonly missed: (type: string) => void) {}

  /**
   * Begin to load the part that shows a type of component.
   *
   * Returns false once that has failed (the network is away, or the server has another version by
   * now): then something else has to be shown.
   */
  has(type: string, load: () => Promise<unknown>): boolean {
    if (!this.#asked.has(type)) {
      this.#asked.add(type);
      load().catch(() => {
        this.#missing.add(type);
        this.missed(type);
      });
    }
    return !this.#missing.has(type);
  }
}
