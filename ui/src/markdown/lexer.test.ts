import { describe, expect, it } from "vitest";

import { lex, type BlockToken } from "./lexer";
import { EVERYTHING } from "./testing";

const KB200 = 200_000;
const filled = (text: string): string => text.repeat(Math.ceil(KB200 / text.length));

const nested = (tokens: readonly BlockToken[]): number => {
  const [token] = tokens;
  if (token?.type === "blockquote") return 1 + nested(token.tokens as BlockToken[]);
  if (token?.type === "list") return 1 + nested((token.items[0]?.tokens ?? []) as BlockToken[]);
  return 0;
};

describe("the lexer", () => {
  // Without bounds each of these takes minutes, or overflows the stack.
  it.each([
    filled(`${EVERYTHING}\n\n`),
    filled("["),
    filled("![[[]("),
    filled("[a]("),
    filled("*a "),
    filled("*_"),
    filled("~~a "),
    filled("`"),
    filled("$a "),
    filled("$$"),
    filled("\\("),
    filled("<div>\n"),
    filled("<!--"),
    filled("a\n"),
    filled("- a\n"),
    filled("> - a\n> > b\n"),
    filled("|"),
    filled("http://a"),
    filled("a@"),
    `${"> ".repeat(2000)}a\nlazy\n${"> ".repeat(1000)}b`,
    "- > ".repeat(1000),
  ])(
    "reads a hostile text in seconds",
    (text) => {
      for (const growing of [false, true]) {
        const began = performance.now();
        lex(text, undefined, growing);
        expect(performance.now() - began).toBeLessThan(15_000);
      }
    },
    40_000,
  );

  it("bounds how deep blocks are in one another, and keeps the text", () => {
    for (const mark of [">", "- ", "> - "]) {
      const tokens = lex(`${mark.repeat(2000)}a`);
      expect(nested(tokens)).toBe(16);
      expect(JSON.stringify(tokens)).toContain(`${mark}a`);
    }
  });

  it("loses nothing of a long run of text", () => {
    const text = filled("word *with* stars ");
    const [paragraph] = lex(text);
    const tokens = paragraph?.type === "paragraph" ? paragraph.tokens : [];
    expect(tokens.map(({ raw }) => raw).join("")).toBe(text);
  });

  it("ends paragraphs where marked does, but for HTML", () => {
    const ends = ["# a", "> a", "- a", "***", "```", "| a |\n|---|", "$$\na\n$$"];
    for (const end of ends) expect(lex(`text\n${end}`).length).toBe(2);
    for (const more of ["<div>", "2. a", "a | b", "<!-- a -->"]) {
      expect(lex(`text\n${more}`).map(({ type }) => type)).toEqual(["paragraph"]);
    }
  });
});
