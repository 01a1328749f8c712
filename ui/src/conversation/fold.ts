/** From events to what is shown: pure, so that it is tested without a network or a page. */
import type { ErrorEvent, ItemUpdate, NoticeEvent, NumberedEvent } from "../protocol/events";
import type { ProgressUpdateEvent } from "../protocol/events";
import type {
  AssistantMessageItem,
  GeneratedImageItem,
  Page,
  Thread,
  ThreadItem,
  ThreadStatus,
  WidgetItem,
  WorkflowItem,
} from "../protocol/items";
import { componentReplaced, textAppended } from "./widget-updates";

/** The answer that is being written, or was written last. */
export interface Answer {
  /** Id of the run; null until the server has named it, or if it does not name runs. */
  runId: string | null;
  /** Items that this answer has begun, so that it can be told anew. */
  items: readonly string[];
  allowCancel: boolean;
  progress: ProgressUpdateEvent | null;
  error: ErrorEvent | null;
  notices: readonly NoticeEvent[];
  /** How many client effects it has had. */
  effects: number;
}

/** A thread as it is shown. Values are never changed, only replaced. */
export interface ThreadState {
  id: string | null;
  title: string | null;
  status: ThreadStatus;
  allowedImageDomains: readonly string[] | null;
  /** Oldest first. */
  items: readonly ThreadItem[];
  /** Ids of items that are not finished: their text still streams. */
  open: ReadonlySet<string>;
  /** Cursor of the items before the first; null if there are none. */
  older: string | null;
  answer: Answer;
}

export const NO_ANSWER: Answer = {
  runId: null,
  items: [],
  allowCancel: true,
  progress: null,
  error: null,
  notices: [],
  effects: 0,
};

export const NO_THREAD: ThreadState = {
  id: null,
  title: null,
  status: { type: "active" },
  allowedImageDomains: null,
  items: [],
  open: new Set(),
  older: null,
  answer: NO_ANSWER,
};

/** The state after an event. An event of an unknown type changes nothing. */
export function fold(state: ThreadState, { event, isAnew }: NumberedEvent): ThreadState {
  const at = isAnew ? forgotten(state) : state;
  const { answer } = at;
  switch (event.type) {
    case "thread.created":
    case "thread.updated":
      return { ...at, ...named(event.thread) };
    case "thread.item.added":
      return opened(at, event.item);
    case "thread.item.done":
      return closed(at, event.item);
    case "thread.item.replaced":
      return put(at, event.item);
    case "thread.item.updated":
      return changed(at, event.item_id, event.update);
    case "thread.item.removed":
      return without(at, new Set([event.item_id]));
    case "stream_options":
      return { ...at, answer: { ...answer, allowCancel: event.stream_options.allow_cancel } };
    case "progress_update":
      return { ...at, answer: { ...answer, progress: event } };
    case "error":
      return { ...at, answer: { ...answer, error: event, progress: null } };
    case "notice":
      return { ...at, answer: { ...answer, notices: [...answer.notices, event] } };
    case "client_effect":
      return { ...at, answer: { ...answer, effects: answer.effects + 1 } };
    default:
      return at; // of a later protocol: nothing visible
  }
}

/** The state with what the server has of its thread now; older pages that were loaded stay. */
export function refreshed(state: ThreadState, thread: Thread, page: Page<ThreadItem>): ThreadState {
  const newest = page.data.toReversed();
  const place = state.items.findIndex(({ id }) => id === newest[0]?.id);
  const hasOlder = page.has_more && place > 0;
  return {
    ...NO_THREAD,
    ...named(thread),
    items: hasOlder ? [...state.items.slice(0, place), ...newest] : newest,
    older: hasOlder ? state.older : page.has_more ? (page.after ?? null) : null,
  };
}

function named({
  id,
  title,
  status,
  allowed_image_domains,
}: Thread): Pick<ThreadState, "id" | "title" | "status" | "allowedImageDomains"> {
  const allowedImageDomains = allowed_image_domains ?? null;
  return { id, title: title ?? null, status, allowedImageDomains };
}

function forgotten(state: ThreadState): ThreadState {
  const shown = without(state, new Set(state.answer.items));
  return { ...shown, answer: { ...NO_ANSWER, runId: state.answer.runId } };
}

function opened(state: ThreadState, item: ThreadItem): ThreadState {
  const next = put(state, item);
  return item.type === "user_message" ? next : { ...next, open: new Set([...next.open, item.id]) };
}

function closed(state: ThreadState, item: ThreadItem): ThreadState {
  const next = put(state, item);
  const open = new Set(next.open);
  open.delete(item.id);
  const { answer } = next;
  const progress = item.type === "user_message" ? answer.progress : null;
  return { ...next, open, answer: { ...answer, progress } };
}

/** Insert an item at the end, or put it in the place of the one with its id. */
export function put(state: ThreadState, item: ThreadItem): ThreadState {
  const place = state.items.findIndex((one) => one.id === item.id);
  if (place >= 0) return { ...state, items: state.items.with(place, item) };
  const answer = { ...state.answer, items: [...state.answer.items, item.id] };
  return { ...state, items: [...state.items, item], answer };
}

/** The state without some items. */
export function without(state: ThreadState, ids: ReadonlySet<string>): ThreadState {
  return {
    ...state,
    items: state.items.filter((item) => !ids.has(item.id)),
    open: new Set([...state.open].filter((id) => !ids.has(id))),
  };
}

function changed(state: ThreadState, id: string, update: ItemUpdate): ThreadState {
  const place = state.items.findIndex((one) => one.id === id);
  const item = state.items[place];
  if (item === undefined) return state;
  const next = updated(item, update);
  return next === item ? state : { ...state, items: state.items.with(place, next) };
}

/** The item after an update; itself if the update is not for its kind. */
export function updated(item: ThreadItem, update: ItemUpdate): ThreadItem {
  switch (item.type) {
    case "assistant_message":
      return updatedMessage(item, update);
    case "widget":
      return updatedWidget(item, update);
    case "workflow":
      return updatedWorkflow(item, update);
    case "generated_image":
      return updatedImage(item, update);
    default:
      return item;
  }
}

function updatedMessage(item: AssistantMessageItem, update: ItemUpdate): AssistantMessageItem {
  switch (update.type) {
    case "assistant_message.content_part.added":
    case "assistant_message.content_part.done":
      return withPart(item, update.content_index, () => update.content);
    case "assistant_message.content_part.text_delta":
      return withPart(item, update.content_index, (part) => ({
        ...part,
        text: part.text + update.delta,
      }));
    case "assistant_message.content_part.annotation_added":
      return withPart(item, update.content_index, (part) => ({
        ...part,
        annotations: part.annotations.toSpliced(update.annotation_index, 1, update.annotation),
      }));
    default:
      return item;
  }
}

type Part = AssistantMessageItem["content"][number];

function withPart(
  item: AssistantMessageItem,
  index: number,
  change: (part: Part) => Part,
): AssistantMessageItem {
  const content = [...item.content];
  while (content.length <= index) content.push({ type: "output_text", text: "", annotations: [] });
  const part = content[index];
  if (part === undefined) return item; // a negative index
  content[index] = change(part);
  return { ...item, content };
}

function updatedWidget(item: WidgetItem, update: ItemUpdate): WidgetItem {
  switch (update.type) {
    case "widget.root.updated":
      return { ...item, widget: update.widget };
    case "widget.component.updated":
      return {
        ...item,
        widget: componentReplaced(item.widget, update.component_id, update.component),
      };
    case "widget.streaming_text.value_delta":
      return {
        ...item,
        widget: textAppended(item.widget, update.component_id, update.delta, update.done),
      };
    default:
      return item;
  }
}

function updatedWorkflow(item: WorkflowItem, update: ItemUpdate): WorkflowItem {
  switch (update.type) {
    case "workflow.task.added":
    case "workflow.task.updated": {
      const tasks = item.workflow.tasks.toSpliced(update.task_index, 1, update.task);
      return { ...item, workflow: { ...item.workflow, tasks } };
    }
    default:
      return item;
  }
}

function updatedImage(item: GeneratedImageItem, update: ItemUpdate): GeneratedImageItem {
  return update.type === "generated_image.updated"
    ? { ...item, image: update.image, progress: update.progress ?? null }
    : item;
}
