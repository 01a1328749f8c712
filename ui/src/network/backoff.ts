/** Waiting between tries: longer each time, never the same for two pages, and over at once on news. */

export const FIRST_MS = 500;
export const LONGEST_MS = 15_000;

/** Milliseconds before try number `tries` (from 0): "full jitter", so that pages do not come together. */
export function backoffMs(tries: number, random: () => number = Math.random): number {
  return random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 10));
}

/** Wait; the network coming back or the page being shown again ends the wait. */
export async function waited(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const over = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      const listen = { signal: over.signal };
      over.signal.addEventListener("abort", () => clearTimeout(timer));
      window.addEventListener("online", () => resolve(), listen);
      document.addEventListener(
        "visibilitychange",
        () => {
          if (document.visibilityState === "visible") resolve();
        },
        listen,
      );
      signal.addEventListener("abort", () => reject(signal.reason as Error), listen);
    });
  } finally {
    over.abort();
  }
}
