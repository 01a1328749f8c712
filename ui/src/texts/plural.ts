/** Words that depend on a number. */

/** The form that a number takes in a language (CLDR, by `Intl.PluralRules`). */
export function plural(
  language: string,
  count: number,
  forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string },
): string {
  return forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
}
