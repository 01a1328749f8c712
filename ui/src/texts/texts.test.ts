import { afterEach, describe, expect, it, vi } from "vitest";

import { directionOf, en, loadTexts, type Texts } from ".";
import { languageOf } from "./languages";

const LOCALES = ["ar", "de-DE", "es-419", "fr-CA", "it", "ja-JP", "ko", "pt-PT", "ru", "zh-CN"];

type Words = Record<string, string | ((...args: never[]) => string)>;

/** What a text says, with names for its arguments. */
function said(text: Words[string] | undefined): string {
  if (typeof text !== "function") return text ?? "";
  return (text as (...args: string[]) => string)("Xy", "Zw");
}

describe.each(LOCALES)("the texts of %s", (locale) => {
  const english: Words = en;
  const load = async (): Promise<Words> => await loadTexts(locale);

  it("are exactly those of English", async () => {
    expect(Object.keys(await load()).sort()).toEqual(Object.keys(english).sort());
  });

  it("are not empty, and take the same arguments", async () => {
    const texts = await load();
    for (const [key, original] of Object.entries(english)) {
      const text = texts[key];
      expect([key, typeof text]).toEqual([key, typeof original]);
      expect([key, said(text).trim()]).not.toEqual([key, ""]);
    }
  });

  it("say the names they are given", async () => {
    const texts = await load();
    for (const [key, original] of Object.entries(english)) {
      if (typeof original !== "function") continue;
      for (const argument of ["Xy", "Zw"]) {
        if (said(original).includes(argument)) {
          expect([key, said(texts[key])]).toEqual([key, expect.stringContaining(argument)]);
        }
      }
    }
  });

  it("are translated", async () => {
    const texts = await load();
    const same = Object.keys(english).filter((key) => said(texts[key]) === said(english[key]));
    expect(same.length).toBeLessThan(Object.keys(english).length / 10);
  });
});

describe("the manners of a language", () => {
  const all = async (locale: string): Promise<string> =>
    Object.values((await loadTexts(locale)) as Words)
      .map(said)
      .join("\n");

  it("German says Sie throughout", async () => {
    expect(await all("de")).not.toMatch(/\b(du|dich|dir|dein\w*)\b/i);
  });

  it("French has a space before a colon", async () => {
    expect(await all("fr")).not.toMatch(/\p{L}:\s/u);
  });
});

describe("words with numbers", () => {
  const steps = async (locale: string, counts: number[]): Promise<string[]> => {
    const texts = await loadTexts(locale);
    return counts.map((count) => texts.steps(count));
  };

  it("have the plural forms of their language", async () => {
    expect(await steps("en", [1, 2])).toEqual(["1 step", "2 steps"]);
    expect(await steps("fr", [0, 1, 2])).toEqual(["0 étape", "1 étape", "2 étapes"]);
    expect(await steps("ru", [1, 3, 5, 21])).toEqual(["1 шаг", "3 шага", "5 шагов", "21 шаг"]);
    expect(await steps("ar", [1, 2, 3, 11])).toEqual([
      "خطوة واحدة",
      "خطوتان",
      "3 خطوات",
      "11 خطوة",
    ]);
    expect(await steps("ja", [1, 2])).toEqual(["1 ステップ", "2 ステップ"]);
  });
});

describe("the language", () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([
    [["de"], "de"],
    [["de-AT"], "de"],
    [["pt-PT"], "pt"],
    [["zh"], "zh"],
    [["zh-CN"], "zh"],
    [["zh-Hant"], "en"],
    [["zh-TW"], "en"],
    [["zh-HK"], "en"],
    [["nl-NL"], "en"],
    [["nl", "fr-FR", "en"], "fr"],
    [["en-GB", "fr"], "en"],
    [["not a locale", "it"], "it"],
    [[], "en"],
  ])("for %j is %s", (locales, expected) => expect(languageOf(locales)).toBe(expected));

  it("is the browser's if the page chooses none", async () => {
    vi.spyOn(navigator, "languages", "get").mockReturnValue(["sw", "ko-KR"]);
    const ours = async (locale: string | null): Promise<string> =>
      (await loadTexts(locale)).language;
    expect(await ours(null)).toBe("ko");
    expect(await ours("de")).toBe("de");
    expect(await ours("sw-TZ")).toBe("en");
  });

  it("of Arabic is written from right to left", async () => {
    const way = async (locale: string): Promise<string> => directionOf(await loadTexts(locale));
    expect(await way("ar-EG")).toBe("rtl");
    expect(await way("de")).toBe("ltr");
    expect(directionOf(en satisfies Texts)).toBe("ltr");
  });
});
