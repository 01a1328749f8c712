/** The texts of the interface, by language. */
import { en } from "./en";
import { languageOf, type Language } from "./languages";

/** All texts in one language. */
export type Texts = typeof en;

/** Each language is a part of its own; English is there from the start. */
const PARTS: Readonly<Record<Exclude<Language, "en">, () => Promise<Texts>>> = {
  ar: async () => (await import("./ar")).ar,
  de: async () => (await import("./de")).de,
  es: async () => (await import("./es")).es,
  fr: async () => (await import("./fr")).fr,
  it: async () => (await import("./it")).it,
  ja: async () => (await import("./ja")).ja,
  ko: async () => (await import("./ko")).ko,
  pt: async () => (await import("./pt")).pt,
  ru: async () => (await import("./ru")).ru,
  zh: async () => (await import("./zh")).zh,
};

/**
 * The texts for a locale, or with null for the browser's; English if there are none.
 *
 * They come later, or not at all if the network is away: begin with `en`.
 */
export async function loadTexts(locale: string | null): Promise<Texts> {
  const language = languageOf(locale === null ? navigator.languages : [locale]);
  return language === "en" ? en : PARTS[language]();
}

/** Which way a language is written. */
export function directionOf({ language }: Texts): "ltr" | "rtl" {
  return language === "ar" ? "rtl" : "ltr";
}

export { en };
