/** The chat page that the server itself has: the element over the whole window. */
import type { ChatKitOptions, ColorScheme, OpenAIChatKit } from "@openai/chatkit";

import { preferred, switched } from "./color-scheme";
import "./page.css";

const THREAD = "thread";

const element = document.querySelector<OpenAIChatKit>("openai-chatkit");
if (element !== null) await show(element);

async function show(chat: OpenAIChatKit): Promise<void> {
  const { url = "chatkit", domainKey = "" } = chat.dataset;
  if (domainKey === "") await import("../index");
  await customElements.whenDefined("openai-chatkit");

  const apply = (scheme: ColorScheme): void => {
    document.documentElement.style.colorScheme = scheme;
    chat.setOptions(options(url, domainKey, scheme, () => apply(switched(scheme))));
  };
  chat.addEventListener("chatkit.thread.change", ({ detail }) => remember(detail.threadId));
  apply(preferred());
}

function options(
  url: string,
  domainKey: string,
  scheme: ColorScheme,
  onSwitch: () => void,
): ChatKitOptions {
  return {
    api: { url: new URL(url, document.baseURI).href, domainKey: domainKey || "local" },
    theme: { colorScheme: scheme },
    initialThread: new URLSearchParams(location.hash.slice(1)).get(THREAD),
    header: {
      rightAction: { icon: scheme === "dark" ? "light-mode" : "dark-mode", onClick: onSwitch },
    },
    threadItemActions: { feedback: true, retry: true },
    thread: { autoScroll: true },
  };
}

/** Keep the thread in the address, so that a reload shows it again. */
function remember(threadId: string | null): void {
  const hash = threadId === null ? "" : `#${THREAD}=${encodeURIComponent(threadId)}`;
  history.replaceState(null, "", `${location.pathname}${location.search}${hash}`);
}
