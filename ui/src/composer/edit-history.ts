/** Undo and redo of the composer's text. The browser's own knows nothing of tags. */
import type { Content } from "./content";

/** A text, and where its cursor was. */
export interface Moment {
  content: Content;
  cursor: number;
}

/** Typing within this time of the last is undone together with it. */
const TOGETHER_MS = 800;
const LONGEST = 200;

/** The moments before and after the one that is shown. */
export class EditHistory {
  #past: Moment[] = [];
  #future: Moment[] = [];
  #lastTyped = -Infinity;

  constructor(
    private now: Moment,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Remember an edit. Typing goes together with the typing just before it. */
  add(moment: Moment, isTyping: boolean): void {
    const at = this.clock();
    const goesOn = isTyping && at - this.#lastTyped < TOGETHER_MS;
    if (!goesOn) this.#past = [...this.#past, this.now].slice(-LONGEST);
    this.#lastTyped = isTyping ? at : -Infinity;
    this.#future = [];
    this.now = moment;
  }

  /** Forget everything: `moment` is where editing begins. */
  restart(moment: Moment): void {
    this.#past = [];
    this.#future = [];
    this.#lastTyped = -Infinity;
    this.now = moment;
  }

  /** The moment before the last edit; null if nothing was edited. */
  undo(): Moment | null {
    const before = this.#past.pop();
    if (before === undefined) return null;
    this.#future.push(this.now);
    return this.#goTo(before);
  }

  /** The moment that was undone last; null if there is none. */
  redo(): Moment | null {
    const after = this.#future.pop();
    if (after === undefined) return null;
    this.#past.push(this.now);
    return this.#goTo(after);
  }

  #goTo(moment: Moment): Moment {
    this.#lastTyped = -Infinity;
    this.now = moment;
    return moment;
  }
}
