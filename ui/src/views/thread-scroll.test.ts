import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ThreadScroll } from "./thread-scroll";

/** Px of the window on the thread, of all that is in it, and of the space that is kept free. */
const VIEW = 100;
const MARGIN = 8;

const host = { addController: vi.fn(), requestUpdate: vi.fn() };
const scrollBy = vi.fn(({ top = 0 }: ScrollToOptions) => moved(scroller.scrollTop + top));
let scroller: HTMLElement;
let content: HTMLElement;
let height: number;
let grow: () => void;
let isAutomatic: boolean;
let scroll: ThreadScroll;

/** Give an element a place: `top` px below the beginning of the content, whatever is scrolled. */
function placed(element: HTMLElement, top: () => number, size: () => number): HTMLElement {
  element.getBoundingClientRect = () => new DOMRect(0, top() - scroller.scrollTop, 1, size());
  return element;
}

beforeEach(() => {
  vi.clearAllMocks();
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(told: () => void) {
        grow = told;
      }
      observe(): void {
        // the test says what grows
      }
      disconnect(): void {
        // see above
      }
    },
  );
  vi.stubGlobal("requestAnimationFrame", (then: () => void) => setTimeout(then));
  isAutomatic = false;
  height = 300;
  scroller = document.createElement("div");
  Object.defineProperty(scroller, "clientHeight", { value: VIEW });
  scroller.getBoundingClientRect = () => new DOMRect(0, 0, 1, VIEW);
  scroller.scrollBy = scrollBy as never;
  content = placed(
    document.createElement("div"),
    () => 0,
    () => height,
  );
  scroller.append(content);
  document.body.replaceChildren(scroller);
  scroll = new ThreadScroll(
    host as never,
    () => ({ scroller, content, end: null }),
    () => isAutomatic,
  );
  scroll.hostUpdated();
});
afterEach(() => vi.unstubAllGlobals());

/** The thread is scrolled, by the user or by the element. */
function moved(top: number): void {
  scroller.scrollTop = Math.max(0, Math.min(top, height + MARGIN - VIEW));
  scroller.dispatchEvent(new Event("scroll"));
}

/** The answer gets longer. */
function grown(by: number): void {
  height += by;
  grow();
}

const END = 300 + MARGIN - VIEW;

describe("the end of a thread", () => {
  it("is in sight or not, which is told when it changes", () => {
    grow();
    expect(scroll.isAtEnd).toBe(false);
    expect(host.requestUpdate).toHaveBeenCalledTimes(1);
    moved(END);
    expect(scroll.isAtEnd).toBe(true);
    moved(END - 10); // near enough
    expect(host.requestUpdate).toHaveBeenCalledTimes(2);
  });

  it("is kept in sight while it is followed", () => {
    scroll.toEnd(true);
    expect(scroller.scrollTop).toBe(END);
    grown(40);
    expect(scroller.scrollTop).toBe(END + 40);
  });

  it("is shown once if it is not to be followed", () => {
    scroll.toEnd(false);
    grown(40);
    expect(scroller.scrollTop).toBe(END);
  });

  it("is left when the user scrolls up, and followed again from where it is near", () => {
    isAutomatic = true;
    scroll.toEnd(true);
    moved(END - 90);
    grown(40);
    expect(scroller.scrollTop).toBe(END - 90);
    moved(END + 40 - 10);
    grown(40);
    expect(scroller.scrollTop).toBe(END + 80);
  });

  it("is not followed from near if the page does not want that", () => {
    moved(END - 90);
    moved(END - 10);
    grown(40);
    expect(scroller.scrollTop).toBe(END - 10);
  });
});

describe("an element", () => {
  it("is shown at the top, and stays there whatever grows", () => {
    scroll.follows = true;
    scroll.toTop(
      placed(
        document.createElement("div"),
        () => 150,
        () => 50,
      ),
    );
    expect(scroller.scrollTop).toBe(150 - MARGIN);
    grown(100);
    expect(scroller.scrollTop).toBe(150 - MARGIN);
  });

  it.each([
    [150, false, "smooth"],
    [280, false, "instant"],
    [150, true, "instant"],
  ])("%d px away, less motion wanted: %s, is shown %s", (top, isCalm, behavior) => {
    vi.stubGlobal("matchMedia", () => ({ matches: isCalm }));
    scroll.toTop(
      placed(
        document.createElement("div"),
        () => top,
        () => 50,
      ),
    );
    expect(scrollBy).toHaveBeenCalledWith(expect.objectContaining({ behavior }));
  });

  it("stays where it is seen when something comes in above it", async () => {
    let top = 150;
    const element = placed(
      document.createElement("div"),
      () => top,
      () => 50,
    );
    content.append(element);
    moved(100);
    const release = scroll.hold(element);
    expect(scroller.classList.contains("held")).toBe(true);
    top += 80;
    release();
    expect(scroller.scrollTop).toBe(180);
    top += 20; // by the next frame more of it has been laid out
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(scroller.scrollTop).toBe(200);
    expect(scroller.classList.contains("held")).toBe(false);
  });
});

it("hears nothing more of a thread that is gone", () => {
  scroll.hostDisconnected();
  moved(END);
  expect(host.requestUpdate).not.toHaveBeenCalled();
});
