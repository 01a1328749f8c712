/** Names as CSS writes them. */

/** `maxInlineSize` as `max-inline-size`. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
