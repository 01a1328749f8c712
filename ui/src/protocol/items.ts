/** What a thread consists of, as the ChatKit protocol (openai-chatkit 1.6) has it on the wire. */
import type { Widgets } from "@openai/chatkit";

export interface Page<T> {
  data: T[];
  has_more: boolean;
  after?: string | null;
}

export type ThreadStatus =
  { type: "active" } | { type: "locked" | "closed"; reason?: string | null };

export interface ThreadMetadata {
  id: string;
  title?: string | null;
  created_at: string;
  status: ThreadStatus;
  allowed_image_domains?: string[] | null;
}

export interface Thread extends ThreadMetadata {
  items: Page<ThreadItem>;
}

interface ItemBase {
  id: string;
  thread_id: string;
  created_at: string;
}

export type UserContent =
  | { type: "input_text"; text: string }
  | {
      type: "input_tag";
      id: string;
      text: string;
      data: Record<string, unknown>;
      group?: string | null;
      interactive?: boolean;
    };

export interface UploadDescriptor {
  url: string;
  method: "POST" | "PUT";
  headers?: Record<string, string>;
}

interface AttachmentBase {
  id: string;
  name: string;
  mime_type: string;
  upload_descriptor?: UploadDescriptor | null;
}

export type Attachment = AttachmentBase &
  ({ type: "file" } | { type: "image"; preview_url: string });

export interface InferenceOptions {
  tool_choice?: { id: string } | null;
  model?: string | null;
}

export interface UserMessageItem extends ItemBase {
  type: "user_message";
  content: UserContent[];
  attachments: Attachment[];
  quoted_text?: string | null;
  inference_options: InferenceOptions;
}

interface SourceBase {
  title: string;
  description?: string | null;
  timestamp?: string | null;
  group?: string | null;
}

export interface URLSource extends SourceBase {
  type: "url";
  url: string;
  attribution?: string | null;
}

export interface FileSource extends SourceBase {
  type: "file";
  filename: string;
}

export interface EntitySource extends SourceBase {
  type: "entity";
  id: string;
  icon?: string | null;
  label?: string | null;
  inline_label?: string | null;
  interactive?: boolean;
  data?: Record<string, unknown>;
}

export type Source = URLSource | FileSource | EntitySource;

export interface Annotation {
  type: "annotation";
  source: Source;
  /** Where in the text it belongs, in characters; behind all of it if there is none. */
  index?: number | null;
}

export interface AssistantContent {
  type: "output_text";
  text: string;
  annotations: Annotation[];
}

export interface AssistantMessageItem extends ItemBase {
  type: "assistant_message";
  content: AssistantContent[];
}

export interface ClientToolCallItem extends ItemBase {
  type: "client_tool_call";
  status: "pending" | "completed";
  call_id: string;
  name: string;
  arguments: Record<string, unknown>;
  output?: unknown;
}

export type WidgetRoot = Widgets.Card | Widgets.ListView | Widgets.BasicRoot;
export type WidgetComponent = WidgetRoot | Widgets.WidgetComponent | Widgets.ListViewItem;

export interface WidgetItem extends ItemBase {
  type: "widget";
  widget: WidgetRoot;
  copy_text?: string | null;
}

export interface GeneratedImageItem extends ItemBase {
  type: "generated_image";
  image?: { id: string; url: string } | null;
  /** From updates: how far it is, 0 to 1. Not on the wire of a stored item. */
  progress?: number | null;
}

export interface StructuredAnswer {
  values: string[];
  skipped?: boolean;
}

interface QuestionBase {
  id: string;
  question: string;
  answer?: StructuredAnswer | null;
}

export type Question = QuestionBase &
  (
    | { type: "multiple_choice"; options: { value: string }[]; multiple?: boolean }
    | { type: "freeform"; description?: string | null }
  );

export interface StructuredInputItem extends ItemBase {
  type: "structured_input";
  status: "pending" | "answered" | "skipped";
  inputs: Question[];
}

interface TaskBase {
  status_indicator?: "none" | "loading" | "complete";
  title?: string | null;
}

export type Task = TaskBase &
  (
    | { type: "custom"; icon?: string | null; content?: string | null }
    | {
        type: "web_search";
        title_query?: string | null;
        queries?: string[];
        sources?: URLSource[];
      }
    | { type: "thought"; content: string }
    | { type: "file"; sources?: FileSource[] }
    | { type: "image" }
  );

export interface Workflow {
  type: "custom" | "reasoning";
  tasks: Task[];
  summary?: { title: string; icon?: string | null } | { duration: number } | null;
  expanded?: boolean;
}

export interface WorkflowItem extends ItemBase {
  type: "workflow";
  workflow: Workflow;
}

export interface TaskItem extends ItemBase {
  type: "task";
  task: Task;
}

export interface EndOfTurnItem extends ItemBase {
  type: "end_of_turn";
}

export type ThreadItem =
  | UserMessageItem
  | AssistantMessageItem
  | ClientToolCallItem
  | WidgetItem
  | GeneratedImageItem
  | StructuredInputItem
  | WorkflowItem
  | TaskItem
  | EndOfTurnItem;
