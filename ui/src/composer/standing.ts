/** What the user can do in the composer now. */
import type { Chat } from "../chat";
import { toolOf } from "./choices";

/** What a chat's thread, its answer and the draft allow. */
export interface Standing {
  /** The thread is neither locked nor closed. */
  isActive: boolean;
  /** An answer is awaited or being written. */
  isAnswering: boolean;
  canStop: boolean;
  canSend: boolean;
  takesFiles: boolean;
}

/** The standing of a chat. */
export function standingOf({ conversation, draft, options }: Chat): Standing {
  const { status, answer } = conversation.thread.value;
  const activity = conversation.activity.value;
  const isActive = status.type === "active";
  const isAnswering = activity === "waiting" || activity === "answering";
  return {
    isActive,
    isAnswering,
    canStop: isAnswering && answer.allowCancel,
    canSend: conversation.takesMessages && draft.input !== null,
    takesFiles: isActive && options.value.composer.attachments?.enabled === true,
  };
}

/** What stands in the place of the text as long as there is none. */
export function placeholderOf({ conversation, draft, options, texts }: Chat): string {
  const { type } = conversation.thread.value.status;
  const { placeholder, locked, closed } = texts.value;
  if (type !== "active") return type === "locked" ? locked : closed;
  const { composer } = options.value;
  const tool = toolOf(draft.state.value.toolId, composer.tools);
  return tool?.placeholderOverride ?? composer.placeholder ?? placeholder;
}
