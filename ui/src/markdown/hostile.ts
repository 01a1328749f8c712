/** Texts that cost a careless lexer more than their length: for tests and the benchmark. */

const filled =
  (text: string) =>
  (length: number): string =>
    text.repeat(Math.ceil(length / text.length));

/** Each makes a text of about so many characters. */
export const HOSTILE: Readonly<Record<string, (length: number) => string>> = {
  brackets: filled("["),
  "images in brackets": filled("![[[]("),
  "open links": filled("[a]("),
  "words in brackets": filled("[a"),
  "brackets, then stars": (length) => filled("[ ")(length / 2) + filled("* ")(length / 2),
  stars: filled("*a "),
  "stars and underscores": filled("*_"),
  tildes: filled("~~a "),
  backticks: filled("`"),
  dollars: filled("$a "),
  "pairs of dollars": filled("$$"),
  "open formulas": filled("\\("),
  "lines that begin with dollars": filled("$$ b\n"),
  "lines that begin as a formula does": filled("\\[ b\n"),
  "formulas cut by empty lines": filled("\\[\n\n"),
  tags: filled("<div>\n"),
  comments: filled("<!--"),
  lines: filled("a\n"),
  items: filled("- a\n"),
  "quotes with items": filled("> - a\n> > b\n"),
  bars: filled("|"),
  "headers of no table": filled("| a | b |\n|-|\n"),
  "headers of no table in a paragraph": filled("a\n| a | b |\n|-|\n"),
  delimiters: filled("|-|\n"),
  "a wide table of short rows": (length) => {
    const columns = Math.ceil(length / 8);
    return `${"a|".repeat(columns)}\n${"-|".repeat(columns)}\n${filled("|\n")(length / 2)}`;
  },
  addresses: filled("http://a"),
  "mail addresses": filled("a@"),
  "items in items": (length) => `${filled("- ")(length)}x`,
  "quotes in items": filled("- > "),
  "quotes that go on": (length) => `${filled("> ")(length)}a\nlazy\n> b`,
  "quotes that go on in quotes": (length) =>
    `${filled("> ")((2 * length) / 3)}a\nlazy\n${filled("> ")(length / 3)}b`,
  "code that ends late": (length) => `\`\`\`\n${"\n".repeat(length)}x`,
  "items that go on": (length) => `${filled("- ")(length)}x\nlazy`,
  "quotes that go on, again and again": filled("> > a\nlazy\n>\n"),
  "quotes that go on, over and over": filled("> > > a\nlazy\n"),
  "items in quotes that go on": filled("> - a\nlazy\n"),
  "lines of an item": (length) => `- a\n${filled("  a\n")(length)}`,
  "formulas between words": filled("b\n$$a$$\n"),
  "underlined words": filled("a\n===\n"),
  tables: filled("|a|\n|-|\n|b|\n\n"),
  "tables in a paragraph": filled("a\n|a|\n|-|\n"),
  "addresses with marks behind": (length) => `http://a${filled("!")(length)}`,
  definitions: filled("[a]: b\n"),
  "unfinished definitions": filled('[a]: b "\n'),
  "definitions of nothing": filled("[a\n"),
  breaks: filled("a  \n"),
  entities: filled("&amp"),
  "open tags": filled("<a "),
  words: filled("aaaa "),
  "one word": filled("a"),
  spaces: (length) => `a${" ".repeat(length)}b`,
  "empty items": filled("-\n"),
  numbers: filled("1. a\n"),
  "fences in a paragraph": filled("a\n```\n"),
  "tildes in a paragraph": filled("~~~a\n"),
};
