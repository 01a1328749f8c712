/** Ids that nobody else makes. */

/**
 * A new id: 128 random bits as 32 hexadecimal digits.
 *
 * Not `crypto.randomUUID`, which browsers only have where a page came over HTTPS or from localhost.
 */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
