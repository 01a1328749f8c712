import { Tokenizer } from "marked";
import { describe, expect, it, vi } from "vitest";

import { Blocks, type Block } from "./blocks";
import { EVERYTHING } from "./testing";

const flat = (groups: readonly (readonly Block[])[]): readonly Block[] => groups.flat();
const tokens = (groups: readonly (readonly Block[])[]): unknown[] =>
  flat(groups).map(({ token, level }) => ({ ...token, raw: token.raw.trimEnd(), level }));

describe("Blocks", () => {
  it("reads a growing text as it would read it at once", () => {
    for (const step of [1, 7, 40]) {
      const growing = new Blocks();
      for (let end = 0; end < EVERYTHING.length; end += step) {
        growing.update(EVERYTHING.slice(0, end), true);
      }
      expect(tokens(growing.update(EVERYTHING, false))).toEqual(
        tokens(new Blocks().update(EVERYTHING, false)),
      );
    }
  });

  it.each([
    "1. a\n\n2. b\n\n3. c",
    "- a\n\n  b\n\n- c\n\nd",
    "a\n===\nb\n---\nc",
    '[x]\n\n[x]: /a\n"title"\n\nb',
    "a\n| b | c |\n|---|---|\n| d | e |\n\nf",
    "> a\nb\n\n> c\n\n    code\n\nd",
    "~~~\na\n```\n~~~\nb",
    "```\na\n  ```\nb",
    "````\n```\n````\nb",
    "$$\na\n$$\nb",
    "* * *\n- - -\n* a\n+ b",
  ])("reads %j so too", (text) => {
    const growing = new Blocks();
    for (let end = 0; end < text.length; end++) growing.update(text.slice(0, end), true);
    expect(tokens(growing.update(text, false))).toEqual(tokens(new Blocks().update(text, false)));
  });

  it("has blocks that lie one behind the other in the text", () => {
    for (const { token, start, end } of flat(new Blocks().update(EVERYTHING, false))) {
      expect(EVERYTHING.slice(start, end)).toBe(token.raw);
    }
  });

  it("keeps the objects of what is settled", () => {
    const blocks = new Blocks();
    const before = flat(blocks.update("# a\n\nb\n\nc", true));
    const after = flat(blocks.update("# a\n\nb\n\nc d\n\ne", true));
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[2]);
    expect(flat(blocks.update("# a\n\nb\n\nc d\n\ne", false))[1]).toBe(after[1]);
  });

  it("keeps whole groups of it", () => {
    const blocks = new Blocks();
    const text = "a\n\n".repeat(300);
    const before = blocks.update(text, true);
    const after = blocks.update(`${text}b`, true);
    expect(before.length).toBe(5);
    expect(after.slice(0, 4).every((group, index) => group === before[index])).toBe(true);
  });

  it("reads no more of a long text than its end", () => {
    const blocks = new Blocks();
    const text = "word **bold** `code` [link](https://a.test)\n\n".repeat(400);
    blocks.update(text, true);
    const read = vi.spyOn(Tokenizer.prototype, "heading");
    for (let more = 1; more <= 200; more++) blocks.update(text + "word ".repeat(more), true);
    expect(Math.max(...read.mock.calls.map(([source]) => source.length))).toBeLessThan(2000);
    read.mockRestore();
  });

  it("grows code without reading it again", () => {
    const blocks = new Blocks();
    let text = "```js\n";
    blocks.update(text, true);
    for (let line = 0; line < 3000; line++) {
      text += `let a${line} = "*_[" + ${line};\n`;
      blocks.update(text, true);
    }
    const [block] = flat(blocks.update(`${text}\`\`\`\n`, true));
    expect(block?.token).toMatchObject({ type: "code", lang: "js", text: text.slice(6).trimEnd() });
  }, 10_000);

  it("links what was written before its definition", () => {
    const blocks = new Blocks();
    blocks.update("[a][x] b\n\nc\n\nd", true);
    const [first] = flat(blocks.update("[a][x] b\n\nc\n\nd\n\n[x]: /e\n\nf\n\ng", true));
    expect(first?.token).toMatchObject({ tokens: [{ type: "link", href: "/e" }, {}] });
  });
});
