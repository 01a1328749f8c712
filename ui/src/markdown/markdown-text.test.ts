import { describe, expect, it } from "vitest";

import type { Annotation, Source } from "../protocol/items";
import { shown, tree, markup, settled, EVERYTHING } from "./testing";

const cases: [name: string, text: string, html: string][] = [
  ["emphasis", "**a** *b* ~~c~~", "<p><strong>a</strong> <em>b</em> <del>c</del></p>"],
  ["underscores within words", "snake_case_name", "<p>snake_case_name</p>"],
  ["a hard break", "a  \nb", "<p>a<br>b</p>"],
  ["entities", "&lt;b&gt; &amp;amp; &copy; &#65;", "<p>&lt;b&gt; &amp;amp; © A</p>"],
  ["escapes", "\\*a\\* \\# b", "<p>*a* # b</p>"],
  ["code with entities and marks", "`&lt; **x**`", "<p><code>&amp;lt; **x**</code></p>"],
  ["a list", "- a\n- b\n  - c", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"],
  ["a numbered list", "3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'],
  ["a quote", "> a\n> > b", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"],
  ["a rule", "a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"],
  ["prices", "$5 and $6, US$7, 8$", "<p>$5 and $6, US$7, 8$</p>"],
  ["prices in a sentence", "$20 a month, not 30$.", "<p>$20 a month, not 30$.</p>"],
  ["HTML", "a <b>b</b>\n<hr>", "<p>a &lt;b&gt;b&lt;/b&gt;\n&lt;hr&gt;</p>"],
  [
    "HTML around Markdown",
    "<div>\n**a**\n</div>",
    "<p>&lt;div&gt;\n<strong>a</strong>\n&lt;/div&gt;</p>",
  ],
];

describe("Markdown", () => {
  it.each(cases)("shows %s", async (_, text, html) => {
    expect(markup(await shown({ text }))).toBe(html);
  });

  it("shows tables with their alignment", async () => {
    const root = tree(await shown({ text: "| a | b |\n|:-:|--:|\n| 1 | **2** |\n| 3 |" }));
    expect([...root.querySelectorAll("th")].map((cell) => cell.className)).toEqual([
      "center",
      "right",
    ]);
    expect([...root.querySelectorAll("td")].map((cell) => cell.textContent)).toEqual([
      "1",
      "2",
      "3",
      "",
    ]);
    expect(root.querySelector("td strong")?.textContent).toBe("2");
  });

  it("breaks lines within a cell", async () => {
    const root = tree(await shown({ text: "| a |\n|-|\n| x<br>y<b> |" }));
    expect(root.querySelector("td br")).not.toBeNull();
    expect(root.querySelector("td")?.textContent).toBe("xy<b>");
  });

  it("names the boxes of a task list", async () => {
    const root = tree(await shown({ text: "- [x] a\n- [ ] b" }));
    const names = [...root.querySelectorAll("li.task .box")].map((box) =>
      box.getAttribute("aria-label"),
    );
    expect(names).toEqual(["Done", "Not done"]);
  });

  it("leaves no heading level out, whatever the text does", async () => {
    const root = tree(await shown({ text: "### a\n\n# b\n\n#### c\n\n> # d" }));
    const headings = [...root.querySelectorAll("h2,h3,h4,h5,h6")];
    expect(headings.map(({ localName, className }) => `${localName} ${className}`)).toEqual([
      "h2 h3",
      "h2 h1",
      "h3 h4",
    ]);
  });

  it("opens links elsewhere, without a referrer", async () => {
    const link = tree(await shown({ text: '[a](/b?c=1&amp;d "title")' })).querySelector("a");
    expect(link?.href).toBe(`${location.origin}/b?c=1&d`);
    expect(link?.target).toBe("_blank");
    expect(link?.rel).toBe("noopener noreferrer nofollow");
    expect(link?.title).toBe("title");
  });

  it("tells the page of deeplinks, by pointer and by keyboard", async () => {
    const element = await shown({ text: "[a](chatkit-link://open?id=7&to=x+y)" });
    const heard: unknown[] = [];
    document.body.addEventListener("chatkit-deeplink", ({ detail }) => heard.push(detail));
    const link = tree(element).querySelector<HTMLElement>(".deeplink");
    link?.click();
    link?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    expect(heard).toEqual(Array(2).fill({ name: "open", data: { id: "7", to: "x y" } }));
    expect(link?.getAttribute("role")).toBe("link");
    expect(link?.tabIndex).toBe(0);
  });

  it("finds definitions wherever they are", async () => {
    const root = tree(await shown({ text: "[a][x] and [b]\n\n[x]: /one\n[b]: /two" }));
    expect([...root.querySelectorAll("a")].map((a) => a.pathname)).toEqual(["/one", "/two"]);
  });

  it("shows code with its language and a button that copies it", async () => {
    const root = tree(await shown({ text: "```js title=x\nlet a;\n\nlet b;\n```" }));
    expect(root.querySelector(".code-head span")?.textContent).toBe("js");
    expect(root.querySelector("pre")?.textContent).toBe("let a;\n\nlet b;");
    expect(root.querySelector("pre")?.tabIndex).toBe(0);
    expect(root.querySelector("button.copy")?.textContent).toContain("Copy code");
  });

  it.each([
    ["$a_1$", "a_1", false],
    ["**b $x*y$ c**", "x*y", false],
    ["\\(a*b*c\\)", "a*b*c", false],
    ["$$a$$", "a", true],
    ["text\n$$\na\n$$\nmore", "a", true],
    ["\\[\na\n\\]", "a", true],
  ])("finds the formula of %j", async (text, tex, display) => {
    const formula = tree(await shown({ text })).querySelector("chatkit-formula");
    expect([formula?.tex, formula?.display]).toEqual([tex, display]);
  });

  it("shows deep nesting as text, and soon", async () => {
    for (const mark of [">", "> ", "- ", "> - ", "1. "]) {
      const root = tree(await shown({ text: `${mark.repeat(2000)}x` }));
      expect(root.querySelectorAll("blockquote, ul, ol").length).toBeLessThan(20);
      expect(root.textContent).toContain("x");
    }
  }, 20_000);
});

describe("a text that grows", () => {
  it("shows every beginning of a text", async () => {
    const element = await shown({ text: "", streaming: true });
    for (let end = 1; end <= EVERYTHING.length; end++) {
      element.text = EVERYTHING.slice(0, end);
      await element.updateComplete;
    }
    element.streaming = false;
    await settled(element);
    expect(markup(element)).toBe(markup(await shown({ text: EVERYTHING })));
  }, 60_000);

  it("keeps the elements of what is finished", async () => {
    const element = await shown({ text: "# a\n\nb\n\n```\nc\n```\n\n- d\n", streaming: true });
    const before = [...tree(element).children];
    for (const more of ["- e", "- e\n\n> f", "- e\n\n> f\n\ng", "- e\n\n> f\n\ng\n\nh"]) {
      element.text = `# a\n\nb\n\n\`\`\`\nc\n\`\`\`\n\n- d\n${more}`;
      await element.updateComplete;
    }
    element.streaming = false;
    await element.updateComplete;
    expect([...tree(element).children].slice(0, before.length)).toEqual(before);
    expect(tree(element).querySelectorAll("li").length).toBe(2);
  });

  it("touches nothing of finished blocks, not even text", async () => {
    const start = "a **b**\n\n".repeat(200);
    const element = await shown({ text: `${start}c`, streaming: true });
    const touched: Node[] = [];
    new MutationObserver((records) => touched.push(...records.map(({ target }) => target))).observe(
      tree(element),
      { subtree: true, childList: true, characterData: true, attributes: true },
    );
    element.text = `${start}c d`;
    await settled(element);
    expect(new Set(touched.map((node) => node.textContent))).toEqual(new Set(["c d"]));
  });

  it("shows another text in its place", async () => {
    const element = await shown({ text: "a\n\nb\n\nc", streaming: true });
    element.text = "x";
    await element.updateComplete;
    expect(markup(element)).toBe("<p>x</p>");
  });
});

const url = (title: string, index: number | null): Annotation => ({
  type: "annotation",
  source: { type: "url", title, url: `https://${title}.test` },
  index,
});

/** The text with `[1]` for the marker of source 1. */
async function cited(text: string, annotations: Annotation[]): Promise<string> {
  const element = await shown({ text, annotations });
  for (const button of tree(element).querySelectorAll(".source")) {
    button.textContent = `[${button.textContent.trim()}]`;
  }
  return markup(element)
    .replace(/<[^>]*>/g, "")
    .replace(/\n\s+/g, "");
}

describe("annotations", () => {
  it.each([
    ["at their places", "One. Two.", [url("a", 4), url("b", 9)], "One.[1] Two.[2]"],
    [
      "in order, whatever order they come in",
      "One. Two.",
      [url("b", 9), url("a", 4)],
      "One.[1] Two.[2]",
    ],
    ["in groups", "One.", [url("a", 4), url("b", 4)], "One.[1][2]"],
    ["with one number for one source", "One. Two.", [url("a", 4), url("a", 9)], "One.[1] Two.[1]"],
    ["at the end if they have no place", "One.\n\nTwo.", [url("a", null)], "One.Two.[1]"],
    ["behind links", "[One](https://a.test) two", [url("a", 8)], "One[1] two"],
    ["behind code", "`one` two", [url("a", 3)], "one[1] two"],
    ["behind emphasis", "**one** two", [url("a", 7)], "one[1] two"],
    ["within emphasis", "**one. two**", [url("a", 6)], "one.[1] two"],
    ["in lists", "- one\n- two **b**\n- three", [url("a", 5), url("b", 17)], "one[1]two b[2]three"],
    ["behind space", "one\n\ntwo", [url("a", 5)], "one[1]two"],
    ["in quotes of several lines", "> one\n> two. three", [url("a", 12)], "one\ntwo.[1] three"],
    ["in tables", "|a|b|\n|-|-|\n|one|two|", [url("a", 16)], "abone[1]two"],
    ["counted in characters", "😀😀 one. two", [url("a", 7)], "😀😀 one.[1] two"],
    ["counted in the lines of the sender", "a\r\nb. c", [url("a", 5)], "a\nb.[1] c"],
  ])("are shown %s", async (_, text, annotations, expected) => {
    expect(await cited(text, annotations)).toBe(expected);
  });

  it("are behind a block of code", async () => {
    const root = tree(await shown({ text: "```\none\n```\n\ntwo", annotations: [url("a", 5)] }));
    expect(root.querySelector("chatkit-code-block + p .source")).not.toBeNull();
  });

  it.each([
    [{ inline_label: "Ada", icon: "user" }, "Ada", null],
    [{ icon: "user" }, "", "user"],
    [{}, "1", null],
  ])("of an entity with %j show what it has", async (own, text, icon) => {
    const source: Source = { type: "entity", id: "ada", title: "Ada Lovelace", ...own };
    const annotations: Annotation[] = [{ type: "annotation", source, index: 4 }];
    const button = tree(await shown({ text: "One.", annotations })).querySelector(".source");
    expect(button?.textContent.trim()).toBe(text);
    expect(button?.querySelector("chatkit-icon")?.getAttribute("name") ?? null).toBe(icon);
    expect(button?.getAttribute("aria-label")).toBe("Source 1: Ada Lovelace");
  });

  it("tell of the source that the reader asks for", async () => {
    const annotation = url("a", 3);
    const element = await shown({ text: "One.", annotations: [annotation] });
    const button = tree(element).querySelector<HTMLButtonElement>(".source");
    const heard: unknown[] = [];
    document.body.addEventListener("chatkit-source", ({ detail }) => heard.push(detail));
    button?.click();
    button?.dispatchEvent(new Event("pointerenter"));
    const asked = { annotation, number: 1, button };
    expect(heard).toEqual([
      { ...asked, by: "click" },
      { ...asked, by: "pointer" },
    ]);
    expect(button?.getAttribute("aria-label")).toBe("Source 1: a");
  });
});
