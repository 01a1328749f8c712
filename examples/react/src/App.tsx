import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { useState } from "react";

import { withContext } from "./context";

const contextual = withContext(() => ({
  userInfo: { name: "Ada", plan: "pro" },
  pageContext: { title: document.title, path: location.pathname },
}));

/** A page with an assistant beside it. `useChatKit` and `<ChatKit>` are OpenAI's, unchanged. */
export function App() {
  const [events, setEvents] = useState<string[]>([]);
  const note = (name: string, detail?: unknown) =>
    setEvents((before) => [...before, `${name} ${JSON.stringify(detail ?? null)}`]);

  const { control, sendUserMessage, setThreadId, focusComposer, showHistory } = useChatKit({
    api: { url: "/api/chatkit", domainKey: "local", fetch: contextual },
    startScreen: {
      greeting: "How can I help?",
      prompts: [{ label: "Say hello", prompt: "Hello!", icon: "sparkle" }],
    },
    composer: {
      tools: [{ id: "search", label: "Search the web", icon: "globe", pinned: true }],
    },
    threadItemActions: { feedback: true, retry: true },
    onClientTool: ({ name, params }) => {
      note("clientTool", { name, params });
      return { title: document.title };
    },
    widgets: {
      onAction: async (action) => note("widgetAction", action),
    },
    onReady: () => note("ready"),
    onResponseStart: () => note("response.start"),
    onResponseEnd: () => note("response.end"),
    onThreadChange: (detail) => note("thread.change", detail),
    onThreadLoadStart: (detail) => note("thread.load.start", detail),
    onThreadLoadEnd: (detail) => note("thread.load.end", detail),
    onToolChange: (detail) => note("tool.change", detail),
    onEffect: (detail) => note("effect", detail),
    onDeeplink: (detail) => note("deeplink", detail),
    onHistoryOpen: () => note("history.open"),
    onHistoryClose: () => note("history.close"),
    onLog: (detail) => note("log", detail),
    onError: ({ error }) => note("error", error.message),
  });

  return (
    <div className="app">
      <main>
        <h1>Your page</h1>
        <button onClick={() => void sendUserMessage({ text: "Hello from a button" })}>
          Send a message
        </button>
        <button onClick={() => void setThreadId(null)}>New chat</button>
        <button onClick={() => void focusComposer()}>Write</button>
        <button onClick={() => void showHistory()}>Chats</button>
        <ol aria-label="Events">
          {events.map((event, place) => (
            <li key={place}>{event}</li>
          ))}
        </ol>
      </main>
      <ChatKit control={control} />
    </div>
  );
}
