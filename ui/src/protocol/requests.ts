/** What a client asks (openai-chatkit 1.6, `ChatKitReq`), each request with what it answers. */
import type {
  Attachment,
  InferenceOptions,
  Page,
  StructuredAnswer,
  Thread,
  ThreadItem,
  UserContent,
} from "./items";

export interface UserMessageInput {
  content: UserContent[];
  attachments: string[];
  quoted_text: string | null;
  inference_options: InferenceOptions;
}

export interface Action {
  type: string;
  payload?: Record<string, unknown>;
}

interface PageParams {
  limit?: number;
  order?: "asc" | "desc";
  after?: string;
}

/** Requests that answer with a stream of events, by their parameters. */
export interface StreamingRequests {
  "threads.create": { input: UserMessageInput };
  "threads.add_user_message": { thread_id: string; input: UserMessageInput };
  "threads.add_client_tool_output": { thread_id: string; result: unknown };
  "threads.add_structured_input": {
    thread_id: string;
    item_id: string;
    input: { status: "answered" | "skipped"; answers: Record<string, StructuredAnswer> };
  };
  "threads.retry_after_item": { thread_id: string; item_id: string };
  "threads.custom_action": { thread_id: string; item_id?: string; action: Action };
}

/** Requests that answer at once: their parameters, and the answer. */
export interface PlainRequests {
  "threads.get_by_id": [{ thread_id: string }, Thread];
  "threads.list": [PageParams, Page<Thread>];
  "threads.update": [{ thread_id: string; title: string }, Thread];
  "threads.delete": [{ thread_id: string }, unknown];
  "items.list": [{ thread_id: string } & PageParams, Page<ThreadItem>];
  "items.feedback": [
    { thread_id: string; item_ids: string[]; kind: "positive" | "negative" },
    unknown,
  ];
  "attachments.create": [{ name: string; size: number; mime_type: string }, Attachment];
  "attachments.delete": [{ attachment_id: string }, unknown];
  "input.transcribe": [{ audio_base64: string; mime_type: string }, { text: string }];
  "threads.sync_custom_action": [
    { thread_id: string; item_id?: string; action: Action },
    { updated_item?: ThreadItem | null },
  ];
}

export type StreamingRequest = {
  [T in keyof StreamingRequests]: { type: T; params: StreamingRequests[T] };
}[keyof StreamingRequests];

/** A run, as `GET /chatkit/runs/{run}` shows it. */
export interface RunView {
  id: string;
  thread_id: string;
  state: "queued" | "running" | "completed" | "cancelled" | "failed";
}
