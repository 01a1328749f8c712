import { describe, expect, it } from "vitest";

import { closed, withoutMarks, withTable } from "./unfinished";

describe("the end of a text", () => {
  it.each([
    ["**bold", "**bold**"],
    ["**bold ", "**bold**"],
    ["**bold*", "**bold**"],
    ["a **", "a "],
    ["a **b *c", "a **b *c***"],
    ["*it", "*it*"],
    ["_it", "_it_"],
    ["snake_case", "snake_case"],
    ["2 * 3", "2 * 3"],
    ["~~gone", "~~gone~~"],
    ["~5", "~5"],
    ["`code", "`code`"],
    ["`", ""],
    ["``a ` b", "``a ` b``"],
    ["`*a*` **b", "`*a*` **b**"],
    ["[link", "link"],
    ["[link]", "link"],
    ["[link](https://a.te", "link"],
    ["[link](https://a.test)", "[link](https://a.test)"],
    ["[a](b) [c", "[a](b) c"],
    ["**a [link](htt", "**a link**"],
    ["a ![image](htt", "a "],
    ["![im", ""],
    ["![a *b", ""],
    ["[a **b", "a **b**"],
    ["a [1] b", "a [1] b"],
    ["[x", ""],
    ["a\\", "a"],
    ["\\*a", "\\*a"],
    ["\\(x_1 *", "\\(x_1 *"],
    ["$a*b$ c", "$a*b$ c"],
    ["done **all**", "done **all**"],
  ])("is read as finished: %j", (source, expected) => {
    expect(closed(source)).toBe(expected);
  });

  it.each([
    "-",
    "* ",
    "+",
    "1",
    "12.",
    "#",
    "### ",
    ">",
    "> -",
    "--",
    "===",
    "`",
    "``",
    "```",
    "```py",
    "|",
    "- [",
    "- [x]",
    "**",
    "~~",
  ])("says nothing yet: %j", (line) => expect(withoutMarks(`a\n${line}`)).toBe("a\n"));

  it("says what it is when it is long", () => {
    expect(withoutMarks("- ".repeat(60))).not.toBe("");
  });

  it("leaves what was opened long before as it is", () => {
    expect(closed("[a ".repeat(150))).toBe("[a ".repeat(50) + "a ".repeat(100));
  });

  it.each(["- a", "1st", "# a", "> a", "a -", "| a", "-a"])("says something: %j", (line) => {
    expect(withoutMarks(`a\n${line}`)).toBe(`a\n${line}`);
  });

  it.each([
    ["| a", "| a\n|-|"],
    ["| a | b |", "| a | b |\n|-|-|"],
    ["| a | b |\n", "| a | b |\n|-|-|"],
    ["text\n| a | b |\n|--", "text\n| a | b |\n|-|-|"],
    ["| a |\n|---|\n| b", "| a |\n|---|\n| b"],
    ["text", "text"],
  ])("is a table: %j", (text, expected) => expect(withTable(text)).toBe(expected));
});
