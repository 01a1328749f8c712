/** Showing something while the pointer rests on a thing or the thing has the focus. */

/** Milliseconds that the pointer rests before something is shown, and is away before it goes. */
export const SHOW_MS = 250;
export const HIDE_MS = 200;

/** Tells when to show and when to hide; the pointer may cross from the thing to what is shown. */
export class Hover {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly show: () => void,
    private readonly hide: () => void,
  ) {}

  /** The pointer came to the thing or to what is shown. */
  readonly enter = (): void => this.#in(SHOW_MS, this.show);

  /** It went. */
  readonly leave = (): void => this.#in(HIDE_MS, this.hide);

  /** Show at once: the thing was pressed, or has the focus. */
  readonly now = (): void => this.#in(0, this.show);

  /** Forget what was about to happen. */
  readonly cancel = (): void => clearTimeout(this.#timer);

  #in(ms: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, ms);
  }
}
