/** Where a thread is scrolled to: the only place that moves it. */
import type { ReactiveController, ReactiveControllerHost } from "lit";

/** How near to the end counts as being there, in px. */
const NEAR_PX = 64;
/** Space that stays free above a message that is brought to the top, and below the end, in px. */
const MARGIN_PX = 8;

/** The elements that are scrolled, once they are rendered. */
export interface Scrolled {
  scroller: HTMLElement;
  /** What grows within it. */
  content: HTMLElement;
  /** The end of what there is to see; behind it there may be empty space. */
  end: HTMLElement | null;
}

/** Scrolls a thread, and tells its host when the end comes into sight or goes. */
export class ThreadScroll implements ReactiveController {
  /** The end is in sight. */
  isAtEnd = true;
  /** Keep the end in sight whatever grows. */
  follows = false;

  #seen: HTMLElement | null = null;
  #top = 0;
  readonly #sizes = new ResizeObserver(() => this.#settle());

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly scrolled: () => Scrolled | null,
    /** Whether the page wants the newest text in sight (`thread.autoScroll`). */
    private readonly isAutomatic: () => boolean,
  ) {
    host.addController(this);
  }

  hostUpdated(): void {
    const scroller = this.scrolled()?.scroller ?? null;
    if (scroller === this.#seen) return;
    this.hostDisconnected();
    const found = this.scrolled();
    if (found === null) return;
    this.#seen = found.scroller;
    found.scroller.addEventListener("scroll", this.#moved, { passive: true });
    this.#sizes.observe(found.content);
    this.#sizes.observe(found.scroller);
  }

  hostDisconnected(): void {
    this.#sizes.disconnect();
    this.#seen?.removeEventListener("scroll", this.#moved);
    this.#seen = null;
  }

  /** Show the newest item, and with `follow` whatever comes behind it. */
  toEnd(follow: boolean, smoothly = false): void {
    this.follows = follow;
    this.#scrollBy(this.#distance, smoothly);
  }

  /** Show an element at the top, with room for what grows below it. */
  toTop(element: Element): void {
    this.follows = false;
    const found = this.scrolled();
    if (found === null) return;
    const by = topOf(element) - topOf(found.scroller) - MARGIN_PX;
    // A long way is no help to anybody's eyes.
    this.#scrollBy(by, Math.abs(by) < found.scroller.clientHeight * 2);
  }

  /** Remember where an element is; the function that is returned brings it there again. */
  hold(element: Element | null): () => void {
    const found = this.scrolled();
    if (found === null || element === null) return () => undefined;
    const { scroller } = found;
    const before = topOf(element);
    // The browser's own anchoring would move it a second time.
    scroller.classList.add("held");
    const restore = (): void => {
      if (element.isConnected) scroller.scrollTop += topOf(element) - before;
    };
    return () => {
      restore();
      const top = scroller.scrollTop;
      requestAnimationFrame(() => {
        // By then more of it has been laid out; whoever scrolls meanwhile knows better.
        if (scroller.scrollTop === top) restore();
        scroller.classList.remove("held");
      });
    };
  }

  /** Px from the lower edge to the end of what there is to see; negative if there is space left. */
  get #distance(): number {
    const found = this.scrolled();
    if (found === null) return 0;
    const { scroller, content, end } = found;
    // The end of a turn that has not rendered yet has no place.
    const last = end !== null && end.getClientRects().length > 0 ? end : content;
    return (
      last.getBoundingClientRect().bottom + MARGIN_PX - scroller.getBoundingClientRect().bottom
    );
  }

  #scrollBy(by: number, smoothly: boolean): void {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scrolled()?.scroller.scrollBy({
      top: by,
      behavior: smoothly && !calm ? "smooth" : "instant",
    });
  }

  /** Something grew, or the window did. */
  #settle(): void {
    if (this.follows) this.#scrollBy(Math.max(0, this.#distance), false);
    this.#look();
  }

  readonly #moved = (): void => {
    const top = this.scrolled()?.scroller.scrollTop ?? 0;
    const isUp = top < this.#top - 1;
    this.#top = top;
    const isNear = this.#distance <= NEAR_PX;
    if (isUp && !isNear) this.follows = false;
    else if (isNear && this.isAutomatic()) this.follows = true;
    this.#look();
  };

  #look(): void {
    const isAtEnd = this.#distance <= NEAR_PX;
    if (isAtEnd === this.isAtEnd) return;
    this.isAtEnd = isAtEnd;
    this.host.requestUpdate();
  }
}

function topOf(element: Element): number {
  return element.getBoundingClientRect().top;
}
