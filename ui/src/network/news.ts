/** News that a server which could not be reached may be there again. */

/** Calls `listener` when the network comes back, or the page is shown again, until it is over. */
export function onNews(listener: () => void, over: AbortSignal): void {
  window.addEventListener("online", () => listener(), { signal: over });
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "visible") listener();
    },
    { signal: over },
  );
}
