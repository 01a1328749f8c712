/** Text with tags in it, as the composer edits it. Positions count characters; a tag is one. */
import type { UserContent } from "../protocol/items";

/** Text and tags, in order. */
export type Content = readonly UserContent[];
/** A thing of the page that a message names. */
export type Tag = Extract<UserContent, { type: "input_tag" }>;

/** Stands for a tag where content is looked at as text (U+FFFC, object replacement character). */
export const TAG_SIGN = "\uFFFC";

/** A part that is text. */
export function text(value: string): UserContent {
  return { type: "input_text", text: value };
}

/** The content as one string, each tag as TAG_SIGN: the same positions, for searching. */
export function flat(content: Content): string {
  return content.map((part) => (part.type === "input_text" ? part.text : TAG_SIGN)).join("");
}

/** What the content reads as, tags by their names: for the clipboard. */
export function plainText(content: Content): string {
  return content.map((part) => part.text).join("");
}

/** How many positions the content has. */
export function lengthOf(content: Content): number {
  return content.reduce((sum, part) => sum + partLength(part), 0);
}

/** The content between two positions. */
export function slice(content: Content, from: number, to: number): UserContent[] {
  const found: UserContent[] = [];
  let start = 0;
  for (const part of content) {
    const length = partLength(part);
    if (part.type === "input_text") {
      found.push(text(part.text.slice(Math.max(0, from - start), Math.max(0, to - start))));
    } else if (from <= start && start < to) {
      found.push(part);
    }
    start += length;
  }
  return joined(found);
}

/** The content with `put` in the place of what is between two positions. */
export function spliced(content: Content, from: number, to: number, put: Content): UserContent[] {
  return joined([...slice(content, 0, from), ...put, ...slice(content, to, Infinity)]);
}

/** The same content in as few parts as can be: no empty text, none beside another. */
export function joined(content: Content): UserContent[] {
  const parts: UserContent[] = [];
  for (const part of content) {
    const last = parts.at(-1);
    if (part.type === "input_tag") parts.push(part);
    else if (part.text === "") continue;
    else if (last?.type === "input_text") parts[parts.length - 1] = text(last.text + part.text);
    else parts.push(part);
  }
  return parts;
}

/** Whether two contents say the same: text for text, and tags with all that the page gave them. */
export function isSame(one: Content, other: Content): boolean {
  return (
    one === other ||
    (one.length === other.length &&
      one.every((part, place) => {
        const twin = other[place];
        return part.type === "input_text"
          ? twin?.type === "input_text" && twin.text === part.text
          : twin === part || (twin?.type === "input_tag" && isSameTag(twin, part));
      }))
  );
}

function isSameTag(one: Tag, other: Tag): boolean {
  return (
    one.id === other.id &&
    one.text === other.text &&
    (one.group ?? null) === (other.group ?? null) &&
    (one.interactive ?? false) === (other.interactive ?? false) &&
    JSON.stringify(one.data) === JSON.stringify(other.data)
  );
}

function partLength(part: UserContent): number {
  return part.type === "input_text" ? part.text.length : 1;
}
