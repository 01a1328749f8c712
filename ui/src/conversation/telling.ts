/** What the page is told of an answer's events. */
import type { ChatKitEvents } from "@openai/chatkit";

import { isKnown, type ThreadStreamEvent } from "../protocol/events";
import type { Answer } from "./fold";

/** Tells the page of something, with the event's detail. */
export type Emit = <K extends keyof ChatKitEvents>(
  name: K,
  detail: ChatKitEvents[K]["detail"],
) => void;

export class Telling {
  /** How many effects of each run have been told: an answer that is told anew repeats them. */
  readonly #effects = new Map<string, number>();

  constructor(private readonly emit: Emit) {}

  /** Tell of an event what is no matter of items; `answer` is the answer with it. */
  tell(event: ThreadStreamEvent, answer: Answer): void {
    if (event.type === "client_effect") {
      if (!this.#isNews(answer)) return;
      this.emit("chatkit.effect", { name: event.name, data: event.data ?? {} });
    } else if (event.type === "error") {
      const error = new Error(event.message ?? `The answer failed (${event.code}).`);
      this.emit("chatkit.error", { error });
    } else if (!isKnown(event)) {
      this.emit("chatkit.log", { name: "event.unknown", data: { type: event.type } });
    }
  }

  /** Whether the newest effect of an answer has not been told. */
  #isNews({ runId, effects }: Answer): boolean {
    if (runId === null) return true;
    if (effects <= (this.#effects.get(runId) ?? 0)) return false;
    this.#effects.set(runId, effects);
    return true;
  }
}
