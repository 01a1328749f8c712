/** Which of our languages suits a reader. */

const LANGUAGES = ["ar", "de", "en", "es", "fr", "it", "ja", "ko", "pt", "ru", "zh"] as const;

/** A language that the interface has, by its ISO 639 code. */
export type Language = (typeof LANGUAGES)[number];

/** The first of the locales (BCP 47) whose language we have; English if there is none. */
export function languageOf(locales: readonly string[]): Language {
  for (const locale of locales) {
    const found = ours(locale);
    if (found !== null) return found;
  }
  return "en";
}

function ours(locale: string): Language | null {
  try {
    const { language, script } = new Intl.Locale(locale).maximize();
    // What we have is written in simplified characters: Taiwan and Hong Kong read others.
    if (language === "zh" && script === "Hant") return null;
    return LANGUAGES.find((one) => one === language) ?? null;
  } catch {
    return null; // not a locale
  }
}
