/** What a text in Markdown says without its marks: for the clipboard and for screen readers. */
import { decoded } from "./entities";
import {
  blockTokens,
  inlineTokens,
  isLineBreak,
  lex,
  withoutLineEnds,
  type BlockToken,
  type InlineToken,
} from "./lexer";
import { normalized } from "./sources";

/** The text of `markdown`, its blocks apart by an empty line. */
export function plainText(markdown: string): string {
  return blocks(lex(normalized(markdown)), "\n\n");
}

function blocks(tokens: readonly BlockToken[], between: string): string {
  return tokens
    .map(block)
    .filter((text) => text !== "")
    .join(between);
}

function block(token: BlockToken): string {
  switch (token.type) {
    case "paragraph":
    case "heading":
      return inline(inlineTokens(token.tokens));
    case "text":
      return inline(inlineTokens(token.tokens ?? [token]));
    case "code":
      return withoutLineEnds(token.text);
    case "math":
      return token.text;
    case "blockquote":
      return blocks(blockTokens(token.tokens), "\n\n");
    case "list":
      return token.items
        .map((item, index) => {
          const mark = token.ordered ? `${Number(token.start) + index}. ` : "- ";
          const text = blocks(blockTokens(item.tokens), "\n");
          return mark + text.replaceAll("\n", `\n${" ".repeat(mark.length)}`);
        })
        .join("\n");
    case "table":
      return [token.header, ...token.rows]
        .map((row) => row.map((cell) => inline(inlineTokens(cell.tokens))).join("\t"))
        .join("\n");
    case "checkbox":
    case "def":
    case "hr":
    case "space":
      return "";
  }
}

function inline(tokens: readonly InlineToken[]): string {
  return tokens.map(span).join("");
}

function span(token: InlineToken): string {
  switch (token.type) {
    case "text":
      return token.tokens === undefined ? decoded(token.text) : inline(inlineTokens(token.tokens));
    case "strong":
    case "em":
    case "del":
    case "link":
      return inline(inlineTokens(token.tokens));
    case "image":
      return decoded(token.text);
    case "html":
      return isLineBreak(token.raw) ? "\n" : token.raw;
    case "br":
      return "\n";
    case "codespan":
    case "escape":
    case "math":
      return token.text;
    case "checkbox":
      return "";
  }
}
