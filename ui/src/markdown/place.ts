/** How far the text of a block has been shown, and which citations come next. */
import type { Placed } from "./sources";

/** A part of a text, or the citations behind it. */
export type Piece = string | readonly Placed[];

/**
 * Goes along a block's source as its tokens are shown. Tokens have lost the marks around them
 * (`> `, `**`), so each is looked for, line by line, behind the one before it.
 */
export class Place {
  #at = 0;
  #next = 0;

  /** @param citations Those of the block, by place; `start` is where the block begins. */
  constructor(
    private readonly source: string,
    private readonly citations: readonly Placed[],
    private readonly start: number,
  ) {}

  /** Text as it is shown, with citations where they belong. `raw` is its source. */
  text(raw: string, shown: string): readonly Piece[] {
    if (this.#isDone()) return [shown];
    const lines = raw === shown ? raw.split("\n") : [];
    if (lines.length > 1) {
      return lines.flatMap((line, index) => [index > 0 ? "\n" : "", ...this.text(line, line)]);
    }
    const begin = this.#find(raw);
    const before = this.#upTo(begin);
    const pieces: Piece[] = before.length > 0 ? [before] : [];
    let written = 0;
    // Shown text that differs from its source has characters in other places: it stays whole.
    while (raw === shown && !this.#isDone() && this.#due < this.#at) {
      const end = Math.max(written, this.#due - begin);
      pieces.push(shown.slice(written, end), this.#upTo(begin + end));
      written = end;
    }
    pieces.push(shown.slice(written), this.#upTo(this.#at));
    return pieces.filter((piece) => piece.length > 0);
  }

  /** Pass something in which no citation can be; those behind it or in it. */
  whole(raw: string): readonly Placed[] {
    if (this.#isDone()) return [];
    this.#find(raw);
    return this.#upTo(this.#at);
  }

  /** The rest of a line, or of a table's cell: marks that are not shown. */
  rest(end: "\n" | "|"): readonly Placed[] {
    if (this.#isDone()) return [];
    const at = this.source.indexOf(end, this.#at);
    this.#at = at < 0 ? this.source.length : at;
    return this.#upTo(this.#at);
  }

  /** All that are left. */
  all(): readonly Placed[] {
    return this.#upTo(Number.POSITIVE_INFINITY);
  }

  #isDone(): boolean {
    return this.#next >= this.citations.length;
  }

  get #due(): number {
    return (this.citations[this.#next]?.at ?? Number.POSITIVE_INFINITY) - this.start;
  }

  #upTo(end: number): readonly Placed[] {
    const first = this.#next;
    while (!this.#isDone() && this.#due <= end) this.#next++;
    return this.citations.slice(first, this.#next);
  }

  /** Go behind `raw`; where it begins. */
  #find(raw: string): number {
    let begin: number | null = null;
    for (const line of raw.split("\n")) {
      const at = this.source.indexOf(line, this.#at);
      if (at < 0) continue;
      begin ??= at;
      this.#at = at + line.length;
    }
    return begin ?? this.#at;
  }
}
