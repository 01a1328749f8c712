/** Which source an annotation names, and where in the text. */
import type { Annotation, Source } from "../protocol/items";
import type { Block } from "./blocks";

/** An annotation as its reader sees it. */
export interface Citation {
  readonly annotation: Annotation;
  /** Of its source. */
  readonly number: number;
}

/** A citation at its place: UTF-16 units from the beginning of the text. */
export interface Placed extends Citation {
  readonly at: number;
}

/** The sources of a message, each once, counted in the order in which its texts name them. */
export class Sources {
  readonly all: readonly Source[];
  readonly #numbers: ReadonlyMap<string, number>;

  /** @param texts The annotations of each text of the message. */
  constructor(texts: readonly (readonly Annotation[])[]) {
    const found = new Map<string, Source>();
    for (const { source } of texts.flatMap(inOrder)) {
      const identity = identityOf(source);
      if (!found.has(identity)) found.set(identity, source);
    }
    this.all = [...found.values()];
    this.#numbers = new Map([...found.keys()].map((identity, index) => [identity, index + 1]));
  }

  /** Its number, from 1; 0 if it is no source of the message. */
  numberOf(source: Source): number {
    return this.#numbers.get(identityOf(source)) ?? 0;
  }
}

const place = ({ index }: Annotation): number => index ?? Number.MAX_SAFE_INTEGER;

const inOrder = (annotations: readonly Annotation[]): Annotation[] =>
  annotations.toSorted((one, other) => place(one) - place(other));

function identityOf(source: Source): string {
  switch (source.type) {
    case "url":
      return `url ${source.url}`;
    case "file":
      return `file ${source.filename}`;
    case "entity":
      return `entity ${source.id}`;
  }
}

/**
 * Where the annotations of `text` belong: behind the last visible character before their index.
 *
 * Indices count characters, as Python does; a "\r\n" of theirs is a "\n" of ours.
 */
export function placedIn(
  text: string,
  annotations: readonly Annotation[],
  sources: Sources,
): readonly Placed[] {
  if (annotations.length === 0) return [];
  const offsets = new Offsets(text);
  const normal = normalized(text);
  return inOrder(annotations).map((annotation) => {
    let at = offsets.of(place(annotation));
    while (at > 0 && /\s/.test(normal.charAt(at - 1))) at--;
    return { annotation, number: sources.numberOf(annotation.source), at };
  });
}

/** The placed citations of each block. Those of no block belong to the last one before them. */
export function perBlock(
  blocks: readonly Block[],
  placed: readonly Placed[],
): ReadonlyMap<number, readonly Placed[]> {
  const found = new Map<number, Placed[]>();
  let index = 0;
  for (const one of placed) {
    while (index < blocks.length - 1 && (blocks[index + 1]?.start ?? 0) < one.at) index++;
    found.set(index, [...(found.get(index) ?? []), one]);
  }
  return found;
}

/** `text` with the line ends that Markdown is read with. */
export const normalized = (text: string): string =>
  text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;

/** From characters to UTF-16 units of the normalised text; to be asked with rising numbers. */
class Offsets {
  #characters = 0;
  #units = 0;
  #read = 0;

  constructor(private readonly text: string) {}

  of(characters: number): number {
    while (this.#characters < characters && this.#read < this.text.length) {
      const code = this.text.codePointAt(this.#read) ?? 0;
      const length = code > 0xffff ? 2 : 1;
      const isLineEnd = code === 0x0d && this.text.charCodeAt(this.#read + 1) === 0x0a;
      this.#read += length;
      this.#units += isLineEnd ? 0 : length;
      this.#characters++;
    }
    return this.#units;
  }
}
