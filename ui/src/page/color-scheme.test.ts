import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { preferred, switched } from "./color-scheme";

function system(isDark: boolean): void {
  vi.stubGlobal("matchMedia", () => ({ matches: isDark }));
}

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

describe("the page's colour scheme", () => {
  it.each([
    [true, "dark"],
    [false, "light"],
  ])("is the system's (dark: %s)", (isDark, scheme) => {
    system(isDark);
    expect(preferred()).toBe(scheme);
  });

  it("is the one that somebody chose, from then on", () => {
    system(false);
    expect(switched("light")).toBe("dark");
    expect(preferred()).toBe("dark");
    expect(switched("dark")).toBe("light");
    expect(preferred()).toBe("light");
  });

  it("is the system's, and can be switched, where storage is blocked", () => {
    system(true);
    const blocked = (): never => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    };
    vi.stubGlobal("localStorage", { getItem: blocked, setItem: blocked });
    expect(preferred()).toBe("dark");
    expect(switched("dark")).toBe("light");
  });
});
