/** Work that may take so long and no longer. */
import { Unreachable } from "./errors";

/**
 * What `work` returns or throws, if it does in time and before `outer` is aborted.
 *
 * Else it throws Unreachable or the reason of `outer`, also where `work` takes no notice of the
 * signal that it is given: a page's own `fetch` may not.
 */
export async function inTime<T>(
  ms: number,
  outer: AbortSignal | null,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted();
  const own = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    own.signal.addEventListener("abort", () => reject(own.signal.reason as Error));
  });
  // By hand: AbortSignal.any is not in Safari 17.0.
  const forward = (): void => own.abort(outer?.reason);
  outer?.addEventListener("abort", forward);
  const timer = setTimeout(() => own.abort(new Unreachable(`no answer for ${ms / 1000} s`)), ms);
  try {
    return await Promise.race([work(own.signal), ended]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", forward);
  }
}
