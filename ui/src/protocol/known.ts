/** What of an item this page knows: a server may be newer than it. */
import type {
  Annotation,
  AssistantContent,
  Attachment,
  Question,
  Source,
  Task,
  ThreadItem,
  UserContent,
} from "./items";

/** Something within an item that is left out. */
export interface Unknown {
  readonly within: "annotation" | "attachment" | "content" | "question" | "source" | "task";
  readonly type: string;
}

const USER_CONTENT = names<UserContent["type"]>({ input_text: true, input_tag: true });
const ATTACHMENTS = names<Attachment["type"]>({ file: true, image: true });
const ASSISTANT_CONTENT = names<AssistantContent["type"]>({ output_text: true });
const ANNOTATIONS = names<Annotation["type"]>({ annotation: true });
const SOURCES = names<Source["type"]>({ url: true, file: true, entity: true });
const QUESTIONS = names<Question["type"]>({ multiple_choice: true, freeform: true });
const TASKS = names<Task["type"]>({
  custom: true,
  web_search: true,
  thought: true,
  file: true,
  image: true,
});

/** Whether a task is of a type that can be shown. */
export const isKnownTask = ({ type }: Task): boolean => TASKS.has(type);

/**
 * The item without parts, annotations, questions, tasks and attachments of unknown types, and what
 * they were. Lists that have none of them stay the same.
 */
export function knownOf(item: ThreadItem): { item: ThreadItem; unknown: readonly Unknown[] } {
  const unknown: Unknown[] = [];
  return { item: sifted(item, unknown), unknown };
}

function sifted(item: ThreadItem, unknown: Unknown[]): ThreadItem {
  switch (item.type) {
    case "user_message": {
      const content = kept(item.content, USER_CONTENT, "content", unknown);
      const attachments = kept(item.attachments, ATTACHMENTS, "attachment", unknown);
      return { ...item, content, attachments };
    }
    case "assistant_message": {
      const content = kept(item.content, ASSISTANT_CONTENT, "content", unknown);
      return { ...item, content: content.map((part) => cited(part, unknown)) };
    }
    case "structured_input":
      return { ...item, inputs: kept(item.inputs, QUESTIONS, "question", unknown) };
    case "workflow": {
      const tasks = kept(item.workflow.tasks, TASKS, "task", unknown);
      return { ...item, workflow: { ...item.workflow, tasks } };
    }
    case "task":
      kept([item.task], TASKS, "task", unknown);
      return item; // without its task it would be none
    default:
      return item;
  }
}

function cited(part: AssistantContent, unknown: Unknown[]): AssistantContent {
  const all = kept(part.annotations, ANNOTATIONS, "annotation", unknown);
  const sources = new Set(
    kept(
      all.map(({ source }) => source),
      SOURCES,
      "source",
      unknown,
    ),
  );
  const annotations = all.every(({ source }) => sources.has(source))
    ? all
    : all.filter(({ source }) => sources.has(source));
  return annotations === part.annotations ? part : { ...part, annotations };
}

/** Those of `all` that are of one of the types; `all` itself if they all are. */
function kept<T extends { type: string }>(
  all: T[],
  types: ReadonlySet<string>,
  within: Unknown["within"],
  unknown: Unknown[],
): T[] {
  const some = all.filter(({ type }) => {
    const isKnown = types.has(type);
    if (!isKnown) unknown.push({ within, type });
    return isKnown;
  });
  return some.length === all.length ? all : some;
}

/** A record, so that the compiler misses a name that the protocol has. */
function names<K extends string>(all: Record<K, true>): ReadonlySet<string> {
  return new Set(Object.keys(all));
}
