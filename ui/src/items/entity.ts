/** A thing of the page's own world (a person, a document) that a message names. */
import type { Entity } from "@openai/chatkit";

import type { EntitySource, UserContent } from "../protocol/items";

export { EntityChip } from "./entity-chip";
export { previewOf } from "./entity-preview";

type Tag = Extract<UserContent, { type: "input_tag" }>;

/** The entity of a tag, as the page's own functions take it. */
export function entityOfTag({ id, text, data, group, interactive }: Tag): Entity {
  return {
    id,
    title: text,
    data: asText(data),
    interactive: interactive ?? false,
    ...(group ? { group } : {}),
  };
}

/** The entity of a source. */
export function entityOfSource(source: EntitySource): Entity {
  const { id, title, data, group, icon, interactive } = source;
  return {
    id,
    title,
    data: asText(data ?? {}),
    interactive: interactive ?? false,
    ...(group ? { group } : {}),
    ...(icon ? { icon } : {}),
  };
}

/** The types know text only; a server may store more, and the page gets back what it gave. */
function asText(data: Record<string, unknown>): Record<string, string> {
  return data as Record<string, string>;
}
