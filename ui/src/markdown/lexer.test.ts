import { describe, expect, it } from "vitest";

import { HOSTILE } from "./hostile";
import { lex, type BlockToken } from "./lexer";
import { pieces } from "./pieces";

const types = (text: string): string[] => {
  const [token] = lex(text);
  return token?.type === "paragraph" ? token.tokens.map(({ type }) => type) : [];
};

const nested = (tokens: readonly BlockToken[]): number => {
  const [token] = tokens;
  if (token?.type === "blockquote") return 1 + nested(token.tokens as BlockToken[]);
  if (token?.type === "list") return 1 + nested((token.items[0]?.tokens ?? []) as BlockToken[]);
  return 0;
};

describe("the lexer", () => {
  // Without bounds some of these take minutes; with them each takes a tenth of this at most.
  it.each(Object.keys(HOSTILE))(
    "is not held up by %s",
    (kind) => {
      const text = HOSTILE[kind]?.(50_000) ?? "";
      for (const growing of [false, true]) {
        const before = process.cpuUsage();
        lex(text, undefined, growing);
        const { user, system } = process.cpuUsage(before);
        expect((user + system) / 1000).toBeLessThan(2000);
      }
    },
    40_000,
  );

  it("makes no cells that nobody wrote", () => {
    const text = `${"a|".repeat(1000)}\n${"-|".repeat(1000)}\n${"|\n".repeat(10_000)}`;
    const [table] = lex(text);
    const cells = table?.type === "table" ? [table.header, ...table.rows].flat() : [];
    expect(cells.length).toBe(1000);
  });

  it.each(["| a | b |\n|-|\n", "$$ b\n", "\\[ b\n"])(
    "reads lines of %j as one paragraph",
    (line) => {
      expect(lex(line.repeat(500)).map(({ type }) => type)).toEqual(["paragraph"]);
    },
  );

  it("cuts a long text where nothing is open", () => {
    for (const filler of ["x, ", "x *y* ", "字。"]) {
      const text = `${filler.repeat(3000)}[two words](https://a.test) ${filler.repeat(200)}`;
      expect(types(text).filter((type) => type === "link")).toHaveLength(1);
    }
    const bold = "**字，字** ".repeat(2000);
    expect(types(bold).filter((type) => type === "strong")).toHaveLength(2000);
  });

  it("keeps a link when a text that grows becomes long", () => {
    const text = `${"x ".repeat(990)}[two words](https://a.test) ${"y ".repeat(200)}`;
    expect(types(text)).toEqual(["text", "link", "text"]);
  });

  it("cuts no character in halves", () => {
    const text = "😀".repeat(5000);
    expect([...pieces(text)].length).toBeGreaterThan(1);
    for (const piece of pieces(`x${text}`)) expect(encodeURIComponent(piece)).not.toBe("");
  });

  it("bounds how deep blocks are in one another, and keeps the text", () => {
    for (const mark of [">", "- ", "> - "]) {
      const tokens = lex(`${mark.repeat(2000)}a`);
      expect(nested(tokens)).toBe(16);
      expect(JSON.stringify(tokens)).toContain(`${mark}a`);
    }
  });

  it("loses nothing of a long run of text", () => {
    const text = "word *with* stars ".repeat(10_000);
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
