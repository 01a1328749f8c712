/** A text's blocks, read again only where the text has changed. */
import { lex, type BlockToken, type Definitions } from "./lexer";
import { withoutMarks, withTable } from "./unfinished";

/** A block with its place in the text. It is the same object for as long as it says the same. */
export interface Block {
  readonly token: BlockToken;
  readonly start: number;
  readonly end: number;
  /** Of a heading: its level among the headings of this text, which leaves none out. */
  readonly level: number;
}

/** So many finished blocks are shown, and passed over, as one. */
const GROUP = 64;
const FENCE = /^(`{3,}|~{3,})[^\n]*\n/;

/** An unfinished block of code at the end: the longest blocks there are need no lexer to grow. */
interface OpenFence {
  block: Block;
  token: Extract<BlockToken, { type: "code" }>;
  /** Of the code in the text. */
  start: number;
  /** What a line is that ends it. */
  end: RegExp;
}

/**
 * Reads a text that grows. What more text cannot change is settled, and kept; only the rest,
 * mostly one block, is read with each update.
 */
export class Blocks {
  #text = "";
  #growing = false;
  #settled: Block[] = [];
  #settledEnd = 0;
  #groups: (readonly Block[])[] = [];
  #tail: readonly Block[] = [];
  #fence: OpenFence | null = null;
  #definitions = none();

  /** The text's blocks in groups; a full group of settled blocks is always the same array. */
  update(text: string, growing: boolean): readonly (readonly Block[])[] {
    if (text !== this.#text || growing !== this.#growing) {
      if (!text.startsWith(this.#text.slice(0, this.#settledEnd))) this.#forget();
      const goesOn = this.#fence !== null && growing && text.startsWith(this.#text);
      const before = this.#text.length;
      this.#text = text;
      this.#growing = growing;
      if (!(goesOn && this.#extendFence(before))) this.#read();
    }
    return this.#grouped();
  }

  #forget(): void {
    this.#settled = [];
    this.#settledEnd = 0;
    this.#groups = [];
    this.#fence = null;
    this.#definitions = none();
  }

  #read(): void {
    const source = this.#text.slice(this.#settledEnd);
    const definitions = Object.assign(none(), this.#definitions);
    const tokens = this.#growing ? lexGrowing(source, definitions) : lex(source, definitions);
    const blocks = placed(tokens, source, this.#settledEnd);
    const settled = this.#growing ? this.#settledOf(blocks) : 0;
    this.#settle(blocks.slice(0, settled));
    this.#tail = leveled(blocks.slice(settled).filter(isShown), this.#lastLevel());
    if (!this.#growing) this.#define(blocks);
    this.#fence = this.#growing ? openFence(blocks.at(-1), this.#text) : null;
  }

  /** How many of `blocks` no further text can change. */
  #settledOf(blocks: readonly Block[]): number {
    // A line says what it is when it is complete; a block is over when another one has begun.
    const line = this.#text.lastIndexOf("\n") + 1;
    const next = blocks.findLastIndex(({ token, start }) => token.type !== "space" && start < line);
    // The title of a definition can be in the line below it.
    return next > 0 && blocks[next - 1]?.token.type !== "def" ? next : 0;
  }

  #settle(blocks: readonly Block[]): void {
    this.#settledEnd = blocks.at(-1)?.end ?? this.#settledEnd;
    this.#settled.push(...leveled(blocks.filter(isShown), this.#lastLevel()));
    this.#define(blocks);
  }

  #lastLevel(): number {
    return this.#settled.findLast(({ token }) => token.type === "heading")?.level ?? 1;
  }

  /** Take in the definitions among `blocks`, and read the blocks again that name them. */
  #define(blocks: readonly Block[]): void {
    const added: string[] = [];
    for (const { token } of blocks) {
      if (token.type !== "def" || Object.hasOwn(this.#definitions, token.tag)) continue;
      this.#definitions[token.tag] = { href: token.href, title: token.title };
      added.push(`[${token.tag}]`);
    }
    if (added.length === 0) return;
    this.#groups = [];
    this.#settled = this.#settled.map((block) => {
      if (!block.token.raw.includes("[")) return block;
      const raw = block.token.raw.toLowerCase();
      if (!added.some((label) => raw.includes(label))) return block;
      const token = lex(block.token.raw, this.#definitions)[0];
      return token === undefined ? block : { ...block, token };
    });
  }

  /** Add the text from `before` to the open fence. False: it may end there. */
  #extendFence(before: number): boolean {
    const fence = this.#fence;
    if (fence === null) return false;
    const line = this.#text.lastIndexOf("\n", before - 1) + 1;
    if (fence.end.test(this.#text.slice(line))) return false;
    const text = withoutMarks(this.#text.slice(fence.start));
    const token = { ...fence.token, text, raw: this.#text.slice(fence.block.start) };
    const block = { ...fence.block, token, end: this.#text.length };
    this.#tail = [...this.#tail.slice(0, -1), block];
    return true;
  }

  #grouped(): readonly (readonly Block[])[] {
    while ((this.#groups.length + 1) * GROUP <= this.#settled.length) {
      const start = this.#groups.length * GROUP;
      this.#groups.push(this.#settled.slice(start, start + GROUP));
    }
    const rest = [...this.#settled.slice(this.#groups.length * GROUP), ...this.#tail];
    const groups = [...this.#groups];
    for (let at = 0; at < rest.length; at += GROUP) groups.push(rest.slice(at, at + GROUP));
    return groups;
  }
}

const none = (): Definitions => Object.create(null) as Definitions;
const isShown = ({ token }: Block): boolean => token.type !== "space" && token.type !== "def";

function lexGrowing(source: string, definitions: Definitions): readonly BlockToken[] {
  const text = withoutMarks(source);
  const tokens = lex(text, Object.assign(none(), definitions), true);
  if (tokens.at(-1)?.type !== "paragraph") return tokens;
  const table = withTable(text);
  return table === text ? tokens : lex(table, definitions, true);
}

function placed(tokens: readonly BlockToken[], source: string, offset: number): Block[] {
  let at = 0;
  return tokens.map((token) => {
    const start = at;
    at = Math.min(source.length, at + token.raw.length);
    return { token, start: offset + start, end: offset + at, level: 0 };
  });
}

/** Headings with levels of which none is left out; `#` is level 2, as the page has a title. */
function leveled(blocks: readonly Block[], before: number): readonly Block[] {
  let last = before;
  return blocks.map((block) => {
    if (block.token.type !== "heading") return block;
    last = Math.min(block.token.depth + 1, last + 1, 6);
    return { ...block, level: last };
  });
}

function openFence(block: Block | undefined, text: string): OpenFence | null {
  if (block?.token.type !== "code") return null;
  const first = FENCE.exec(block.token.raw);
  const ticks = first?.[1];
  if (first === null || ticks === undefined) return null;
  const end = new RegExp(`^ {0,3}${ticks.charAt(0)}{${ticks.length},}[ \\t]*$`, "m");
  const start = block.start + first[0].length;
  return end.test(text.slice(start)) ? null : { block, token: block.token, start, end };
}
