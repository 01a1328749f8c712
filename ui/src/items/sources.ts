/** What an answer rests on. */
import type { Annotation, AssistantContent, Source } from "../protocol/items";

/** The sources of a message, each once, in the order in which the text names them. */
export function sourcesOf(content: readonly AssistantContent[]): Source[] {
  const found = new Map<string, Source>();
  for (const { annotations } of content) {
    for (const { source } of inOrder(annotations)) {
      const key = keyOf(source);
      if (!found.has(key)) found.set(key, source);
    }
  }
  return [...found.values()];
}

function inOrder(annotations: readonly Annotation[]): Annotation[] {
  return annotations.toSorted((one, other) => placeOf(one) - placeOf(other));
}

function placeOf({ index }: Annotation): number {
  return index ?? Number.MAX_SAFE_INTEGER;
}

/** What makes two sources the same one. */
export function keyOf(source: Source): string {
  switch (source.type) {
    case "url":
      return `url ${source.url}`;
    case "file":
      return `file ${source.filename}`;
    case "entity":
      return `entity ${source.id}`;
  }
}
