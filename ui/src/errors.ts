/** What was thrown, as the error that the page is told of. */

/** The error itself; of anything else that was thrown, an error with its text. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Whether something was given up, rather than failed. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === "AbortError";
}
