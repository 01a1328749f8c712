"use client";

import { ChatKit, useChatKit } from "@openai/chatkit-react";

/** The whole window is the chat. */
export function Assistant() {
  const { control } = useChatKit({
    api: { url: "/backend/chatkit", domainKey: "local" },
    threadItemActions: { feedback: true, retry: true },
  });
  return <ChatKit control={control} style={{ display: "block", height: "100dvh" }} />;
}
