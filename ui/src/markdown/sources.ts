/** Which source an annotation names, and where in the text. */
import type { Annotation, Source } from "../protocol/items";
import type { Block } from "./blocks";

export interface Citation {
  readonly annotation: Annotation;
  /** Of its source: sources are counted in the order in which the text names them. */
  readonly number: number;
}

/** A citation at its place: UTF-16 units from the beginning of the text. */
export interface Placed extends Citation {
  readonly at: number;
}

/** The annotations in the order of their places, with the numbers of their sources from 1. */
export function citations(annotations: readonly Annotation[]): readonly Citation[] {
  const numbers = new Map<string, number>();
  return [...annotations]
    .sort((one, other) => place(one) - place(other))
    .map((annotation) => {
      const identity = identityOf(annotation.source);
      const number = numbers.get(identity) ?? numbers.size + 1;
      numbers.set(identity, number);
      return { annotation, number };
    });
}

const place = ({ index }: Annotation): number => index ?? Number.POSITIVE_INFINITY;

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
export function placedIn(text: string, annotations: readonly Annotation[]): readonly Placed[] {
  if (annotations.length === 0) return [];
  const offsets = new Offsets(text);
  const normal = normalized(text);
  return citations(annotations).map((citation) => {
    let at = offsets.of(place(citation.annotation));
    while (at > 0 && /\s/.test(normal.charAt(at - 1))) at--;
    return { ...citation, at };
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
