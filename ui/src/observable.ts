/** Holds one immutable value; its listeners hear of each other value that takes its place. */
export class Observable<T> {
  #value: T;
  readonly #listeners = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set value(value: T) {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener(value);
  }

  /** Put `change(value)` in the value's place. */
  update(change: (value: T) => T): void {
    this.value = change(this.#value);
  }

  /** Call `listener` with each new value, until the function that is returned is called. */
  subscribe(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Anything that tells of its changes, whatever it holds. */
export type Watched = Pick<Observable<unknown>, "subscribe">;
