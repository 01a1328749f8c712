/** The focus, when the control that has it goes because of what its press did. */
import type { LitElement, ReactiveController } from "lit";

import { focused } from "./focus";

/**
 * Calls `restore` when something in `host` had the focus, is gone, and nothing else has it: else the
 * next Tab would begin at the top of the page. Whoever leaves by will is not fetched back.
 */
export class LostFocus implements ReactiveController {
  #last: Element | null = null;

  constructor(
    private readonly host: LitElement,
    private readonly restore: () => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.host.addEventListener("focusin", this.#came);
    this.host.addEventListener("focusout", this.#went);
  }

  hostDisconnected(): void {
    this.host.removeEventListener("focusin", this.#came);
    this.host.removeEventListener("focusout", this.#went);
    this.#last = null;
  }

  hostUpdated(): void {
    // What is within the host updates after it, in the same task.
    if (this.#last !== null) setTimeout(() => this.#look());
  }

  readonly #came = (event: FocusEvent): void => {
    const [target] = event.composedPath();
    this.#last = target instanceof Element ? target : null;
  };

  readonly #went = (): void => {
    const left = this.#last;
    // Some browsers tell of it while they remove the element, just before it is gone.
    queueMicrotask(() => {
      if (this.#last === left && left?.isConnected) this.#last = null;
    });
  };

  #look(): void {
    if (this.#last === null || this.#last.isConnected || focused() !== null) return;
    this.#last = null;
    this.restore();
  }
}
