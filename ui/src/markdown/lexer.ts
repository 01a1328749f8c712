/** From Markdown to tokens: marked's lexer with our dialect, and with bounds on what it may cost. */
import { getDefaults, Hooks, Lexer, Tokenizer } from "marked";
import type { MarkedOptions, Token, Tokens } from "marked";

import { mathAt, mathBlockAt, withoutMath, type MathToken } from "./math-syntax";
import { closed } from "./unfinished";

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
/** Some of marked's patterns take quadratic time; a longer run of text is read in pieces. */
const LONGEST_RUN = 2000;

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
  #blockDepth = 0;
  #inlineDepth = 0;

  constructor(
    source: string,
    private readonly growing: boolean,
  ) {
    const tokenizer = new DialectTokenizer();
    const hasMath = source.includes("$") || /\\[([]/.test(source);
    super({ ...getDefaults(), tokenizer, ...(hasMath ? MATH : {}) });
    const { rules } = tokenizer;
    tokenizer.rules = { ...rules, block: { ...rules.block, paragraph: PARAGRAPH } };
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
    if (this.#blockDepth >= DEEPEST) {
      tokens.push({ type: "text", raw: source, text: source, tokens: this.inline(source) });
      return tokens;
    }
    const { atEnd } = this;
    this.atEnd = atEnd && this.#blockDepth === 0;
    this.#blockDepth++;
    try {
      return super.blockTokens(source, tokens, clipped);
    } finally {
      this.#blockDepth--;
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
class DialectTokenizer extends Tokenizer {
  override html(): undefined {
    return undefined;
  }

  override tag(source: string): Tokens.Tag | undefined {
    const raw = source.startsWith("<") ? this.rules.inline.tag.exec(source)?.[0] : undefined;
    if (raw === undefined) return undefined;
    return { type: "html", raw, text: raw, inLink: false, inRawBlock: false, block: false };
  }
}

const within = (pattern: RegExp): string => pattern.source.replaceAll(/(^|[^[])\^/g, "$1");

/** marked's rule, but for lines of HTML: joining the paragraphs that they part takes quadratic time. */
const PARAGRAPH = new RegExp(
  [
    "^([^\\n]+(?:\\n(?!",
    within(Lexer.rules.block.gfm.hr),
    "| {0,3}#{1,6}(?:\\s|$)| {0,3}>",
    "| {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)[^\\n]*(?:\\n|$)",
    "| {0,3}(?:[*+-]|1[.)])[ \\t]+[^ \\t\\n]|",
    within(Lexer.rules.block.gfm.table),
    "|[ \\t]+\\n)[^\\n]+)*)",
  ].join(""),
);

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
    // No further than the paragraph goes: this is asked at the beginning of each.
    startBlock: [
      (source) => {
        const end = source.search(/\n[ \t]*(?:\n|$)/);
        return found((end < 0 ? source : source.slice(0, end)).search(/\n {0,3}(?:\$\$|\\\[)/));
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

function* pieces(source: string): Generator<string> {
  let rest = source;
  while (rest.length > LONGEST_RUN) {
    const space = rest.lastIndexOf(" ", LONGEST_RUN);
    const end = space > LONGEST_RUN / 2 ? space : LONGEST_RUN;
    yield rest.slice(0, end);
    rest = rest.slice(end);
  }
  yield rest;
}
