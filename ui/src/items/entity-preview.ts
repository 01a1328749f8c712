/** What the page shows of an entity beside its name. */
import type { Entity } from "@openai/chatkit";

import type { Chat } from "../chat";
import type { WidgetRoot } from "../protocol/items";

/** What the page shows of an entity; null if that is nothing, or it failed. */
export async function previewOf(entity: Entity, chat: Chat): Promise<WidgetRoot | null> {
  const { onRequestPreview } = chat.options.value.entities;
  if (!onRequestPreview || entity.interactive !== true) return null;
  try {
    return (await onRequestPreview(entity)).preview;
  } catch (error) {
    chat.report(error);
    return null;
  }
}
