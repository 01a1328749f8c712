/** Calls of the page's tools: each is made once, however often its thread is opened. */
import type { ClientToolCallItem, ThreadItem } from "../protocol/items";
import type { Job } from "./job";

export type ToolOutput = Record<string, unknown>;

/** Runs a client tool on the page. */
export type CallTool = (name: string, params: Record<string, unknown>) => Promise<ToolOutput>;

export class ClientTools {
  readonly #made = new Map<string, Promise<ToolOutput>>();
  readonly #over = new Set<string>();

  constructor(private readonly callTool: CallTool) {}

  /**
   * What a call comes to; null once the user has stopped it.
   *
   * Throws the reason of `left`; the tool goes on, and its output is there for who comes back.
   */
  async output(call: ClientToolCallItem, { left, stopped }: Job): Promise<ToolOutput | null> {
    const made = this.#made.get(call.id) ?? this.callTool(call.name, call.arguments);
    this.#made.set(call.id, made);
    const over = new AbortController();
    const ended = new Promise<null>((resolve, reject) => {
      const listen = { signal: over.signal };
      left.addEventListener("abort", () => reject(left.reason as Error), listen);
      stopped.addEventListener("abort", () => resolve(null), listen);
    });
    try {
      return await Promise.race([made, ended]);
    } finally {
      over.abort();
    }
  }

  /** Calls that are over for this page: the server knows the output, or is not to get one. */
  close(calls: readonly ClientToolCallItem[]): void {
    for (const { id } of calls) {
      this.#made.delete(id);
      this.#over.add(id);
    }
  }

  /** Items as they are for this page: calls that are over wait no more. */
  seen(items: readonly ThreadItem[]): readonly ThreadItem[] {
    return items.map((item) =>
      isWaiting(item) && this.#over.has(item.id) ? { ...item, status: "completed" } : item,
    );
  }
}

/** The calls that a thread waits for, oldest first: a message of the user ends those before it. */
export function waitingCalls(items: readonly ThreadItem[]): readonly ClientToolCallItem[] {
  const asked = items.findLastIndex(({ type }) => type === "user_message");
  return items.slice(asked + 1).filter(isWaiting);
}

function isWaiting(item: ThreadItem): item is ClientToolCallItem {
  return item.type === "client_tool_call" && item.status === "pending";
}
