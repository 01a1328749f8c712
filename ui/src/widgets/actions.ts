/** Sends a widget's actions, and knows which of them are under way. */
import type { Chat } from "../chat";
import type { Action } from "../protocol/requests";
import type { ActionConfig, WidgetRoot } from "./components";
import type { FieldValue } from "./fields";
import { merged } from "./payload";

export type Loading = "none" | "self" | "container";

/** Where an action comes from. */
export interface Source {
  /** Names the control: it sends one action at a time. */
  readonly key: string;
  /** What `loadingBehavior: "auto"` means there. */
  readonly auto: Loading;
  readonly values: ReadonlyMap<string, FieldValue>;
  /** The newest of several counts, as of a choice that changes: it waits for the one under way. */
  readonly newest?: boolean;
}

/** The widget that the actions are of. */
export interface Sender {
  readonly chat: Chat;
  /** Null in a preview: it has no item, and its actions reach nobody. */
  readonly item: { id: string; widget: WidgetRoot } | null;
}

export class Actions {
  readonly #running = new Map<string, Loading>();
  readonly #waiting = new Map<string, () => void>();
  #failed = false;

  constructor(
    private readonly sender: () => Sender,
    private readonly changed: () => void,
  ) {}

  /** Whether a control shows that its action is under way. */
  isLoading(key: string): boolean {
    const loading = this.#running.get(key);
    return loading !== undefined && loading !== "none";
  }

  /** Whether the whole widget waits. */
  get holdsAll(): boolean {
    return [...this.#running.values()].includes("container");
  }

  /** Whether the last action failed. */
  get failed(): boolean {
    return this.#failed;
  }

  async run(action: ActionConfig, source: Source): Promise<void> {
    if (typeof (action as Partial<ActionConfig>).type !== "string") return;
    if (this.#running.has(source.key)) {
      if (source.newest) this.#waiting.set(source.key, () => void this.run(action, source));
      return;
    }
    if (this.holdsAll) return;
    this.#running.set(source.key, loadingOf(action, source.auto));
    this.#failed = false;
    this.changed();
    try {
      await this.#send(action, source.values);
    } catch {
      this.#failed = true;
    } finally {
      this.#running.delete(source.key);
      this.changed();
    }
    const next = this.#waiting.get(source.key);
    this.#waiting.delete(source.key);
    next?.();
  }

  async #send(action: ActionConfig, values: Source["values"]): Promise<void> {
    const { chat, item } = this.sender();
    if (item === null) return;
    const { payload, collisions } = merged(action.payload, values);
    for (const name of collisions) {
      tell(
        chat,
        new Error(`The payload of ${action.type} has ${name} itself; the field is not in it.`),
      );
    }
    const sent = { type: action.type, payload } as Action;
    if (action.handler === "client") await told(chat, () => onPage(chat, sent, item));
    else if (action.streaming === false) {
      await told(chat, () => chat.conversation.actAtOnce(sent, item.id));
    } else await chat.conversation.act(sent, item.id);
  }
}

function loadingOf({ loadingBehavior = "auto" }: ActionConfig, auto: Loading): Loading {
  return loadingBehavior === "self" || loadingBehavior === "container" || loadingBehavior === "none"
    ? loadingBehavior
    : auto;
}

async function onPage(
  { options }: Chat,
  action: Action,
  item: { id: string; widget: WidgetRoot },
): Promise<void> {
  const { onAction } = options.value.widgets;
  if (onAction === undefined) {
    throw new Error(
      `The page is to handle ${action.type}; there is no widgets.onAction in the options.`,
    );
  }
  await onAction(action, { id: item.id, widget: item.widget });
}

/** Do something that tells nobody of its failures, and tell. */
async function told(chat: Chat, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    tell(chat, error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

function tell(chat: Chat, error: Error): void {
  chat.emit("chatkit.error", { error });
}
