/** From a sign in the text to what is chosen for it: the keys of the list, and what comes of it. */
import { flat, slice, text, type Content } from "./content";
import type { Span } from "./surface";
import { Suggestions, type Outcome, type Suggestion } from "./suggestions";
import type { Trigger } from "./trigger";

/** The text that is completed. */
export interface Completed {
  /** What the text is now. */
  content(): Content;
  /** Put content in the place of a part of the text, or else of what is selected, in one step. */
  replace(content: Content, span?: Span): void;
  /** The list is another. */
  changed(): void;
  /** A search or a command of the page failed. */
  failed(error: unknown): void;
}

/** Completes a text: what it suggests is in `suggestions`. */
export class Completion {
  readonly suggestions: Suggestions;
  /** Where something was chosen that is not done yet. */
  #chosenAt: Trigger | null = null;

  constructor(private readonly completed: Completed) {
    this.suggestions = new Suggestions(
      () => completed.changed(),
      (error) => completed.failed(error),
    );
  }

  /** Do what a key does while the list is open; false if that is nothing. */
  takes({ key, shiftKey }: KeyboardEvent): boolean {
    const { open } = this.suggestions;
    if (open === null) return false;
    switch (key) {
      case "ArrowDown":
        this.suggestions.move(1);
        return true;
      case "ArrowUp":
        this.suggestions.move(-1);
        return true;
      case "Escape":
        this.#chosenAt = null;
        this.suggestions.dismiss();
        return true;
      case "Enter":
      case "Tab": {
        const chosen = open.list[open.active];
        if (shiftKey || chosen === undefined) return false;
        void this.choose(chosen);
        return true;
      }
      default:
        return false;
    }
  }

  /**
   * Do what a suggestion stands for, and put into the text what comes of it. Once: what is chosen
   * there until then counts for nothing, and the outcome is dropped if the user dismisses the list.
   */
  async choose(suggestion: Suggestion): Promise<void> {
    const trigger = this.suggestions.open?.trigger;
    if (trigger === undefined || isSamePlace(trigger, this.#chosenAt)) return;
    this.#chosenAt = trigger;
    let outcome: Outcome;
    try {
      const choice = suggestion.choose();
      // What is there at once is put in before the next key.
      outcome = choice instanceof Promise ? await choice : choice;
    } catch (error) {
      if (this.#chosenAt === trigger) {
        this.#chosenAt = null;
        this.suggestions.close();
      }
      this.completed.failed(error);
      return;
    }
    if (this.#chosenAt !== trigger) return;
    this.#chosenAt = null;
    this.#apply(outcome, trigger);
  }

  #apply(outcome: Outcome, { sign, from, query }: Trigger): void {
    const typed = { from, to: from + 1 + query.length };
    const found = flat(slice(this.completed.content(), typed.from, typed.to));
    const isThere = found === sign + query;
    if (outcome?.type === "menu") {
      if (!isThere) return;
      this.suggestions.nest(outcome.suggestions, { sign, from, query: "" });
      this.completed.replace([text(sign)], typed);
      return;
    }
    this.suggestions.close();
    const put = outcome === null ? [] : [outcome.tag, text(" ")];
    // The user may have gone on writing: then the tag is for where the cursor is.
    if (isThere) this.completed.replace(put, typed);
    else if (outcome !== null) this.completed.replace(put);
  }
}

function isSamePlace({ sign, from }: Trigger, other: Trigger | null): boolean {
  return other !== null && other.sign === sign && other.from === from;
}
