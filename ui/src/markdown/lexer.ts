/** From Markdown to tokens: marked's lexer with our dialect, and with bounds on what it may cost. */
import { getDefaults, Hooks, Lexer, Tokenizer } from "marked";
import type { MarkedOptions, Token, Tokens } from "marked";

import { mathAt, mathBlockAt, withoutMath, type MathToken } from "./math-syntax";
import { paragraphAt } from "./paragraphs";
import { pieces } from "./pieces";
import { cellsOf, tableAt } from "./tables";
import { closed } from "./unfinished";

/** What a text or a part of it consists of. */
export type BlockToken =
  | Tokens.Blockquote
  | Tokens.Checkbox
  | Tokens.Code
  | Tokens.Def
  | Tokens.Heading
  | Tokens.Hr
  | Tokens.List
  | Tokens.Paragraph
  | Tokens.Space
  | Tokens.Table
  | Tokens.Text
  | MathToken;

/** What a line of text consists of. */
export type InlineToken =
  | Tokens.Br
  | Tokens.Checkbox
  | Tokens.Codespan
  | Tokens.Del
  | Tokens.Em
  | Tokens.Escape
  | Tokens.Image
  | Tokens.Link
  | Tokens.Strong
  | Tokens.Tag
  | Tokens.Text
  | MathToken;

/** Addresses of `[label]: address`, by label. */
export type Definitions = Record<string, Pick<Tokens.Def, "href" | "title">>;

/** Quotes and lists within one another; what is deeper is shown as text. */
const DEEPEST = 16;
/** Emphasis and links within one another. */
const DEEPEST_RUN = 6;
/** marked reads a quote's last quote or list anew, with all that follows, as often as it goes on. */
const MOST_REREADINGS = 8;

/** marked's tokens of a text's blocks; its type also allows any other object. */
export const blockTokens = (tokens: readonly Token[]): readonly BlockToken[] =>
  tokens as readonly BlockToken[];

/** marked's tokens within a block. */
export const inlineTokens = (tokens: readonly Token[]): readonly InlineToken[] =>
  tokens as readonly InlineToken[];

/**
 * The blocks of a text.
 *
 * @param source Lines end in "\n".
 * @param definitions Those of text before this one; the ones found are added.
 * @param growing More text is to come: constructs at its end are read as if they were finished.
 */
export function lex(
  source: string,
  definitions: Definitions = Object.create(null) as Definitions,
  growing = false,
): readonly BlockToken[] {
  const lexer = new DialectLexer(source, growing);
  lexer.tokens.links = definitions;
  return blockTokens(lexer.lex(source));
}

class DialectLexer extends Lexer {
  /** The text in which inline tokens are looked for now. */
  run = "";
  /** Nothing but the text to come follows the block and the run that are read now. */
  atEnd = false;
  /** How many blocks the one that is read now is in. */
  blockDepth = 0;
  #inlineDepth = 0;

  constructor(
    source: string,
    private readonly growing: boolean,
  ) {
    const tokenizer = new DialectTokenizer();
    const hasMath = source.includes("$") || /\\[([]/.test(source);
    super({ ...getDefaults(), tokenizer, ...(hasMath ? MATH : {}) });
    const { rules } = tokenizer;
    // marked looks for a rule at each mark of a line of marks: one of a sane length
    const hrRegex = (indent: number): RegExp =>
      new RegExp(`^(?=.{0,80}$)${rules.other.hrRegex(indent).source.slice(1)}`);
    tokenizer.rules = { ...rules, other: { ...rules.other, hrRegex } };
  }

  override lex(source: string): typeof this.tokens {
    this.atEnd = this.growing;
    this.blockTokens(source, this.tokens);
    const last = this.growing ? lastRun(blockTokens(this.tokens)) : null;
    for (const { src, tokens } of this.inlineQueue) {
      this.atEnd = tokens === last;
      this.inlineTokens(this.atEnd ? closed(src) : src, tokens);
    }
    this.inlineQueue = [];
    return this.tokens;
  }

  override blockTokens(source: string, tokens?: Token[], clipped?: boolean): Token[];
  override blockTokens(
    source: string,
    tokens?: typeof this.tokens,
    clipped?: boolean,
  ): typeof this.tokens;
  override blockTokens(source: string, tokens: Token[] = [], clipped = false): Token[] {
    if (this.blockDepth >= DEEPEST) {
      tokens.push({ type: "text", raw: source, text: source, tokens: this.inline(source) });
      return tokens;
    }
    const { atEnd } = this;
    this.atEnd = atEnd && this.blockDepth === 0;
    this.blockDepth++;
    try {
      return super.blockTokens(source, tokens, clipped);
    } finally {
      this.blockDepth--;
      this.atEnd = atEnd;
    }
  }

  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    if (this.#inlineDepth >= DEEPEST_RUN) {
      tokens.push({ type: "text", raw: source, text: source });
      return tokens;
    }
    const { run } = this;
    this.#inlineDepth++;
    try {
      for (const piece of pieces(source)) {
        this.run = piece;
        super.inlineTokens(piece, tokens);
      }
      return tokens;
    } finally {
      this.#inlineDepth--;
      this.run = run;
    }
  }
}

/** HTML is text: it neither ends a paragraph nor changes how what follows is read. */
/** marked's own, with HTML as text, and without what takes more than one look at each line. */
class DialectTokenizer extends Tokenizer {
  declare lexer: DialectLexer;
  #depthOfQuote = -1;
  #rereadings = 0;
  #lastList: Tokens.List | undefined;

  override html(): undefined {
    return undefined;
  }

  override tag(source: string): Tokens.Tag | undefined {
    const raw = source.startsWith("<") ? this.rules.inline.tag.exec(source)?.[0] : undefined;
    if (raw === undefined) return undefined;
    return { type: "html", raw, text: raw, inLink: false, inRawBlock: false, block: false };
  }

  override lheading(source: string): Tokens.Heading | undefined {
    const { end, underline } = paragraphAt(source, this.lexer.atEnd);
    if (underline === "") return undefined;
    const text = source.slice(0, end).trim();
    return {
      type: "heading",
      raw: source.slice(0, end + 1 + underline.length),
      depth: underline.includes("=") ? 1 : 2,
      text,
      tokens: this.lexer.inline(text),
    };
  }

  override paragraph(source: string): Tokens.Paragraph {
    const text = source.slice(0, paragraphAt(source, this.lexer.atEnd).end);
    return { type: "paragraph", raw: text, text, tokens: this.lexer.inline(text) };
  }

  /** A paragraph of a tight list, of which marked would take one line. */
  override text(source: string): Tokens.Text {
    const text = source.slice(0, paragraphAt(source, this.lexer.atEnd).end);
    return { type: "text", raw: text, text, tokens: this.lexer.inline(text) };
  }

  override table(source: string): Tokens.Table | undefined {
    const head = tableAt(source, 0);
    const table = head === null ? undefined : super.table(head);
    const [raw, , , rows = ""] = this.rules.block.table.exec(source) ?? [];
    if (table === undefined || raw === undefined) return undefined;
    const lines = rows.trim() === "" ? [] : rows.trimEnd().split("\n");
    return {
      ...table,
      raw: withoutLineEnds(raw),
      rows: lines.map((line) => this.#row(line, table.align)),
    };
  }

  #row(line: string, align: Tokens.Table["align"]): Tokens.TableCell[] {
    return cellsOf(line)
      .slice(0, align.length)
      .map((text, column) => ({
        text,
        tokens: this.lexer.inline(text),
        header: false,
        align: align[column] ?? null,
      }));
  }

  override blockquote(source: string): Tokens.Blockquote | undefined {
    if (this.#isRereadOnceTooOften()) return this.#flatQuote(source);
    const whole = this.rules.block.blockquote.exec(source)?.[0];
    if (whole === undefined) return undefined;
    if (this.#rereadings > MOST_REREADINGS) return this.#flatQuote(withoutLineEnds(whole));
    const outer = this.#depthOfQuote;
    this.#depthOfQuote = this.lexer.blockDepth;
    try {
      return super.blockquote(source);
    } finally {
      this.#depthOfQuote = outer;
    }
  }

  override list(source: string): Tokens.List | undefined {
    if (this.#isRereadOnceTooOften()) return this.#lastList;
    const list = super.list(source);
    this.#lastList = list ?? this.#lastList;
    return list;
  }

  /** Whether a quote, and not `blockTokens`, which counts its depth, asks for a block once more. */
  #isRereadOnceTooOften(): boolean {
    const isReread = this.#depthOfQuote === this.lexer.blockDepth;
    return isReread && ++this.#rereadings > MOST_REREADINGS;
  }

  #flatQuote(raw: string): Tokens.Blockquote {
    const text: Tokens.Text = { type: "text", raw, text: raw, tokens: this.lexer.inline(raw) };
    return { type: "blockquote", raw, text: raw, tokens: [text] };
  }
}

/** Whether HTML is the one tag that means something: a table's cell has no other line break. */
export const isLineBreak = (html: string): boolean => /^<br\s*\/?>$/i.test(html);

/** `text` without the line ends behind it. */
export const withoutLineEnds = (text: string): string => text.replace(/(?<!\n)\n+$/, "");

class MathMask extends Hooks {
  declare lexer: unknown;

  override emStrongMask(shown: string): string {
    const source = this.lexer instanceof DialectLexer ? this.lexer.run : "";
    return source.length === shown.length ? withoutMath(source, shown) : shown;
  }
}

const MATH: MarkedOptions = {
  hooks: new MathMask(),
  extensions: {
    renderers: {},
    childTokens: {},
    inline: [
      function (source) {
        if (source[0] !== "$" && source[0] !== "\\") return undefined;
        const { lexer } = this;
        if (!(lexer instanceof DialectLexer)) return undefined;
        return mathAt(source, lexer.run.at(-source.length - 1) ?? "", lexer.atEnd);
      },
    ],
    startInline: [(source) => found(source.indexOf("$"))],
    block: [
      function (source) {
        return mathBlockAt(source, this.lexer instanceof DialectLexer && this.lexer.atEnd);
      },
    ],
  },
};

const found = (index: number): number | undefined => (index < 0 ? undefined : index);

/** The inline tokens, still to be filled, to which the text to come will be added. */
function lastRun(tokens: readonly BlockToken[]): Token[] | null {
  const last = tokens.at(-1);
  switch (last?.type) {
    case "paragraph":
    case "heading":
    case "text":
      return last.tokens ?? null;
    case "blockquote":
      return lastRun(blockTokens(last.tokens));
    case "list":
      return lastRun(blockTokens(last.items.at(-1)?.tokens ?? []));
    case "table":
      return (last.rows.at(-1) ?? last.header).findLast(({ text }) => text !== "")?.tokens ?? null;
    default:
      return null;
  }
}
