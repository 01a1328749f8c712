import { describe, expect, it, vi } from "vitest";

import { applyTheme, propertiesOf } from "./theme";

const NAMES = [
  "--ck-font",
  "--ck-font-mono",
  "--ck-radius-s",
  "--ck-radius-m",
  "--ck-radius-l",
  "--ck-radius-full",
  "--ck-size-s",
  "--ck-size-m",
  "--ck-size-l",
  "--ck-column",
  ...[1, 2, 3, 4, 5, 6].map((step) => `--ck-space-${step}`),
  ...["text", "text-muted", "surface-raised", "on-accent", "hover", "line"].flatMap((color) => [
    `--ck-light-${color}`,
    `--ck-dark-${color}`,
  ]),
];

describe("a theme", () => {
  it.each(NAMES)("defines %s", (name) => {
    expect(propertiesOf({})[name]).toBeTruthy();
  });

  it("is light if the page says nothing", () => {
    const element = document.createElement("div");
    applyTheme(element, {});
    expect(element.dataset["colorScheme"]).toBe("light");
    expect(element.style.getPropertyValue("--ck-light-surface")).toBe("#ffffff");
  });

  it("takes the place of the one before", () => {
    const element = document.createElement("div");
    applyTheme(element, { colorScheme: "dark", density: "compact", radius: "sharp" });
    expect(element.dataset["colorScheme"]).toBe("dark");
    expect(element.style.getPropertyValue("--ck-radius-l")).toBe("0px");
    applyTheme(element, {});
    expect(element.dataset["colorScheme"]).toBe("light");
    expect(element.style.getPropertyValue("--ck-radius-l")).toBe("24px");
  });

  it("has more room at a higher density", () => {
    const space = (density: "compact" | "normal" | "spacious"): number =>
      parseFloat(propertiesOf({ density })["--ck-space-4"] ?? "");
    expect(space("compact")).toBeLessThan(space("normal"));
    expect(space("normal")).toBe(16);
    expect(space("spacious")).toBeGreaterThan(16);
  });

  it("sets sizes and families of letters, with families behind the page's", () => {
    const typography = { baseSize: 18, fontFamily: "Inter", fontFamilyMono: "Fira Code" } as const;
    const properties = propertiesOf({ typography });
    expect(properties["--ck-size-m"]).toBe("18px");
    expect(properties["--ck-font"]).toMatch(/^Inter, .*sans-serif/);
    expect(properties["--ck-font-mono"]).toMatch(/^Fira Code, .*monospace$/);
  });

  it("uses the page's surface for the page's scheme only", () => {
    const surface = { background: "#102030", foreground: "#f0f0f0" };
    const properties = propertiesOf({ colorScheme: "dark", color: { surface } });
    expect(properties["--ck-dark-surface"]).toBe("#102030");
    expect(properties["--ck-light-surface"]).toBe("#ffffff");
  });
});

describe("fonts of the page", () => {
  it("are loaded once each; one that fails breaks nothing", async () => {
    const made: string[] = [];
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    vi.stubGlobal(
      "FontFace",
      class {
        constructor(family: string, source: string) {
          if (family === "") throw new SyntaxError("no family");
          made.push(`${family} ${source}`);
        }
        load(): Promise<never> {
          return Promise.reject(new Error("gone"));
        }
      },
    );
    Object.defineProperty(document, "fonts", { value: { add: () => undefined } });
    const fontSources = [
      { family: "", src: "/broken.woff2" },
      { family: "Inter", src: '/a"b.woff2', weight: 400 },
    ];
    applyTheme(document.createElement("div"), { typography: { fontSources } });
    applyTheme(document.createElement("div"), { typography: { fontSources } });
    await Promise.resolve();
    expect(made).toEqual(['Inter url("/a\\"b.woff2")']);
    vi.unstubAllGlobals();
  });
});
