/** The answer as a screen reader hears it: in whole sentences, not in tokens (pure). */
import type { AssistantMessageItem, ThreadItem } from "../protocol/items";

/** An end of a sentence, in the scripts that have other full stops too, or of a line. */
const END = /[.!?…]["'”’)\]*_]*\s|[。！？｡۔؟]|\n/g;

/** How far the text is said. */
export interface Said {
  /** By id of the message: characters of its raw text. */
  lengths: ReadonlyMap<string, number>;
  /** What is to be said now. */
  news: readonly string[];
}

/** What has been said before an answer begins. */
export const SILENCE: Said = { lengths: new Map(), news: [] };

/** What became whole since `said`; with `finished` also what does not end as a sentence does. */
export function heard(
  messages: readonly AssistantMessageItem[],
  said: Said,
  finished: boolean,
): Said {
  const lengths = new Map(said.lengths);
  const news: string[] = [];
  for (const message of messages) {
    const text = textOf(message);
    const from = lengths.get(message.id) ?? 0;
    const to = finished ? text.length : lastEnd(text, from);
    if (to <= from) continue;
    lengths.set(message.id, to);
    const part = text.slice(from, to).trim();
    if (part !== "") news.push(part);
  }
  return { lengths, news };
}

/** The messages that an answer has begun. */
export function messagesOf(
  items: readonly ThreadItem[],
  ids: readonly string[],
): AssistantMessageItem[] {
  const wanted = new Set(ids);
  return items.filter(
    (item): item is AssistantMessageItem =>
      item.type === "assistant_message" && wanted.has(item.id),
  );
}

/** A message's text as it was written, part after part. */
export function textOf({ content }: AssistantMessageItem): string {
  return content.map(({ text }) => text).join("\n\n");
}

function lastEnd(text: string, from: number): number {
  let end = from;
  for (const match of text.slice(from).matchAll(END)) end = from + match.index + match[0].length;
  return end;
}
