/** What a stream tells (openai-chatkit 1.6, `ThreadStreamEvent`). */
import type {
  Annotation,
  AssistantContent,
  Task,
  Thread,
  ThreadItem,
  WidgetComponent,
  WidgetRoot,
} from "./items";

export type ItemUpdate =
  | {
      type: "assistant_message.content_part.added";
      content_index: number;
      content: AssistantContent;
    }
  | { type: "assistant_message.content_part.text_delta"; content_index: number; delta: string }
  | {
      type: "assistant_message.content_part.annotation_added";
      content_index: number;
      annotation_index: number;
      annotation: Annotation;
    }
  | {
      type: "assistant_message.content_part.done";
      content_index: number;
      content: AssistantContent;
    }
  | {
      type: "widget.streaming_text.value_delta";
      component_id: string;
      delta: string;
      done: boolean;
    }
  | { type: "widget.root.updated"; widget: WidgetRoot }
  | { type: "widget.component.updated"; component_id: string; component: WidgetComponent }
  | { type: "workflow.task.added" | "workflow.task.updated"; task_index: number; task: Task }
  | {
      type: "generated_image.updated";
      image: { id: string; url: string };
      progress?: number | null;
    };

export interface ErrorEvent {
  type: "error";
  code: string;
  message?: string | null;
  allow_retry: boolean;
}

export interface NoticeEvent {
  type: "notice";
  level: "info" | "warning" | "danger";
  /** Markdown. */
  message: string;
  title?: string | null;
}

export interface ProgressUpdateEvent {
  type: "progress_update";
  icon?: string | null;
  text: string;
}

export type ThreadStreamEvent =
  | { type: "thread.created" | "thread.updated"; thread: Thread }
  | { type: "thread.item.added" | "thread.item.done" | "thread.item.replaced"; item: ThreadItem }
  | { type: "thread.item.updated"; item_id: string; update: ItemUpdate }
  | { type: "thread.item.removed"; item_id: string }
  | { type: "stream_options"; stream_options: { allow_cancel: boolean } }
  | ProgressUpdateEvent
  | { type: "client_effect"; name: string; data?: Record<string, unknown> }
  | ErrorEvent
  | NoticeEvent;

const KNOWN: Record<ThreadStreamEvent["type"], true> = {
  "thread.created": true,
  "thread.updated": true,
  "thread.item.added": true,
  "thread.item.done": true,
  "thread.item.replaced": true,
  "thread.item.updated": true,
  "thread.item.removed": true,
  stream_options: true,
  progress_update: true,
  client_effect: true,
  error: true,
  notice: true,
};

/** Whether the event is of this protocol, and not of a later one. */
export function isKnown({ type }: { type: string }): boolean {
  return Object.hasOwn(KNOWN, type);
}

/** An event as it came: with its place in its run's log, if the server numbers its events. */
export interface NumberedEvent {
  event: ThreadStreamEvent;
  /** `<run>:<number>`; null if the server does not number its events. */
  id: string | null;
  /** The run's answer is told anew from here on: what was told of it before is to be forgotten. */
  isAnew: boolean;
}
