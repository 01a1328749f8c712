/** Lets `Transition` components grow and shrink instead of jumping. */
import type { ReactiveController, ReactiveElement } from "lit";

const DURATION_MS = 220;

/** Animates the height of each `[data-transition]` in its host from one update to the next. */
export class Resizing implements ReactiveController {
  readonly #heights = new Map<HTMLElement, number>();

  constructor(private readonly host: ReactiveElement) {}

  hostUpdate(): void {
    this.#heights.clear();
    for (const one of this.#transitions()) this.#heights.set(one, one.offsetHeight);
  }

  hostUpdated(): void {
    if (this.#heights.size === 0 || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const one of this.#transitions()) {
      const before = this.#heights.get(one);
      const after = one.offsetHeight;
      if (before === undefined || before === after) continue;
      one.animate(
        [
          { height: `${before}px`, overflow: "clip" },
          { height: `${after}px`, overflow: "clip" },
        ],
        { duration: DURATION_MS, easing: "ease-out" },
      );
    }
  }

  #transitions(): HTMLElement[] {
    return [...(this.host.shadowRoot?.querySelectorAll<HTMLElement>("[data-transition]") ?? [])];
  }
}
