/** Searches while the user types: not for each key, and only the last one counts. */
export class Latest<Q, R> {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #number = 0;

  /**
   * @param search What is asked, at the earliest `delayMs` after the last question.
   * @param settle Called with the answer to the last question; never with one to an older.
   * @param fail Called with what the last question's search threw.
   */
  constructor(
    private readonly search: (question: Q) => Promise<R>,
    private readonly settle: (answer: R) => void,
    private readonly fail: (error: unknown) => void,
    private readonly delayMs = 120,
  ) {}

  ask(question: Q): void {
    this.cancel();
    const number = this.#number;
    this.#timer = setTimeout(() => {
      // A search that throws at once fails as one does that throws later.
      Promise.resolve()
        .then(() => this.search(question))
        .then(
          (answer) => {
            if (number === this.#number) this.settle(answer);
          },
          (error: unknown) => {
            if (number === this.#number) this.fail(error);
          },
        );
    }, this.delayMs);
  }

  /** Want no answer any more. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#number += 1;
  }
}
