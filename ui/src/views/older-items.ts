/** Older items of a thread: loaded before the user has scrolled up to them. */
import type { ReactiveController, ReactiveControllerHost } from "lit";

import type { Chat } from "../chat";
import { isAbort } from "../errors";

/** How far above the upper edge older items are loaded already. */
const AHEAD = "800px 0px 0px 0px";

/** Where the items are shown, once they are rendered. */
export interface Shown {
  scroller: HTMLElement;
  /** What stands above the oldest item: when it comes near, older ones are loaded. */
  edge: HTMLElement;
}

/**
 * Loads a page of older items whenever the oldest comes near, and at the press of a button.
 *
 * A page that could not be loaded is not asked for again by itself, until the connection is back.
 */
export class OlderItems implements ReactiveController {
  isLoading = false;
  /** The last page could not be loaded. */
  hasFailed = false;

  #threadId: string | null = null;
  #isLost = false;
  #near: IntersectionObserver | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly chat: () => Chat,
    private readonly shown: () => Shown | null,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener("online", this.#recover);
  }

  hostDisconnected(): void {
    window.removeEventListener("online", this.#recover);
    this.#near?.disconnect();
    this.#near = null;
  }

  hostUpdate(): void {
    const { thread, connection } = this.chat().conversation;
    const isLost = connection.value === "lost";
    const isBack = this.#isLost && !isLost;
    if (isBack || thread.value.id !== this.#threadId) this.hasFailed = false;
    this.#isLost = isLost;
    this.#threadId = thread.value.id;
  }

  /** Observed anew after each page, since what stays in sight is told once. */
  hostUpdated(): void {
    this.#near?.disconnect();
    const shown = this.shown();
    if (shown === null || this.isLoading || this.hasFailed) return;
    this.#near ??= new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) void this.load();
      },
      { root: shown.scroller, rootMargin: AHEAD },
    );
    this.#near.observe(shown.edge);
  }

  /** Load the next page, unless one is on its way. */
  async load(): Promise<void> {
    if (this.isLoading) return;
    this.#put(true, false);
    try {
      await this.chat().conversation.loadOlder();
      this.#put(false, false);
    } catch (error) {
      // Who leaves the thread ends the loading; that is nobody's failure.
      const isGivenUp = isAbort(error);
      this.#put(false, !isGivenUp);
      if (!isGivenUp) this.chat().report(error);
    }
  }

  readonly #recover = (): void => {
    if (this.hasFailed) this.#put(this.isLoading, false);
  };

  #put(isLoading: boolean, hasFailed: boolean): void {
    this.isLoading = isLoading;
    this.hasFailed = hasFailed;
    this.host.requestUpdate();
  }
}
