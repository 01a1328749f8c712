/** Whether a chat has begun. */
import type { Conversation } from "../conversation/conversation";

/** Whether nothing has been said yet, and nothing is on its way. */
export function isBeginning({ thread, sent, activity }: Conversation): boolean {
  return (
    thread.value.id === null &&
    thread.value.items.length === 0 &&
    sent.value === null &&
    activity.value === "idle"
  );
}
