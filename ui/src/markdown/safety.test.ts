import { describe, expect, it } from "vitest";

import { targetOf } from "./links";
import { shown, tree } from "./testing";
import { typeset } from "./typeset";

/** What is known to run or load something where Markdown becomes HTML carelessly. */
const PAYLOADS = [
  "[a](javascript:alert(1))",
  "[a](JaVaScRiPt:alert(1))",
  "[a](java\tscript:alert(1))",
  "[a](<java\nscript:alert(1)>)",
  "[a](\u0001javascript:alert(1))",
  "[a](&#106;avascript:alert(1))",
  "[a](&#x6A;&#x61;vascript&colon;alert(1))",
  "[a](javascript&#58;alert(1))",
  "[a](javascript&Tab;:alert(1))",
  "[a](vbscript:msgbox(1))",
  "[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  "[a](blob:https://example.test/1)",
  "[a](file:///etc/passwd)",
  "[a](view-source:javascript:alert(1))",
  "<javascript:alert(1)>",
  "<data:text/html,x>",
  "[a][x]\n\n[x]: javascript:alert(1)",
  '[a](https://a.test "onmouseover=alert(1) \\" onclick=alert(1)")',
  '[a](https://a.test"onmouseover="alert(1))',
  "[<img src=x onerror=alert(1)>](https://a.test)",
  "![a](javascript:alert(1))",
  "![a](data:image/svg+xml;base64,PHN2Zy8+)",
  "![a](data:image/png;base64,AAAA)",
  '![a"onerror="alert(1)](https://a.test/x)',
  '![a](https://a.test/x"onerror="alert(1))',
  "![a](https://a.test/x onerror=alert(1))",
  "![a](//a.test/x)",
  "![a](http://a.test/x)",
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<img srcset='https://a.test/x 2x'>",
  "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
  "<iframe src=javascript:alert(1)></iframe>",
  "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
  "<style>@import 'https://a.test'</style>",
  "<a href='javascript:alert(1)' onclick=alert(1)>x</a>",
  "<div style='background:url(https://a.test)'>x</div>",
  "<!--><img src=x onerror=alert(1)>-->",
  "<chatkit-code-block></chatkit-code-block>",
  "- <details open ontoggle=alert(1)>",
  "| <img src=x onerror=alert(1)> |\n|---|\n| [a](javascript:alert(1)) |",
  '```"><img src=x onerror=alert(1)>\ncode\n```',
  "```js\n</code></pre><script>alert(1)</script>\n```",
  "`<img src=x onerror=alert(1)>`",
  "$\\href{javascript:alert(1)}{x}$",
  "$\\url{javascript:alert(1)}$",
  "$\\includegraphics{https://a.test/x}$",
  "$\\htmlData{x=y}{z}\\htmlStyle{background:url(https://a.test)}{x}\\htmlClass{a}{x}\\htmlId{a}{x}$",
  "$\\text{<img src=x onerror=alert(1)>}$",
  "$\\unicode{<script>}$ \\(\\class{a}{\\cssId{b}{x}}\\)",
];

const ELEMENTS = new Set(
  (
    "p h2 h3 h4 h5 h6 ul ol li blockquote hr div table thead tbody tr th td pre code span strong em " +
    "del br a img button style chatkit-code-block chatkit-formula chatkit-icon math mrow mi mn mo " +
    "ms mtext mspace msup msub msubsup mstyle mpadded"
  ).split(" "),
);
const ATTRIBUTES = new Set(
  (
    "href src alt title target rel class dir role aria-label aria-live tabindex type start scope name " +
    "loading decoding referrerpolicy mathvariant display mathcolor"
  ).split(" "),
);

function judge(root: ParentNode): void {
  for (const element of root.querySelectorAll("*")) {
    expect(ELEMENTS).toContain(element.localName);
    if (element.localName === "chatkit-icon") continue;
    for (const { name, value } of element.attributes) {
      expect(ATTRIBUTES).toContain(name);
      if (name === "href") expect(value).toMatch(/^(https?|mailto|tel):/);
      if (name === "src") expect(value.startsWith(`${location.origin}/`)).toBe(true);
      if (name === "class") expect(value).not.toMatch(/[<>"=]/);
    }
  }
}

describe("untrusted text", () => {
  it.each(PAYLOADS)("makes nothing that runs or loads of %j", async (text) => {
    judge(tree(await shown({ text })));
  });

  it.each(PAYLOADS)("nor while it comes of %j", async (text) => {
    const element = await shown({ text: "", streaming: true });
    for (let end = 1; end <= text.length; end++) {
      element.text = text.slice(0, end);
      await element.updateComplete;
      judge(tree(element));
    }
  });
});

describe("links", () => {
  it.each([
    "https://a.test",
    "http://a.test",
    "mailto:a@a.test",
    "tel:+1",
    "/a",
    "#a",
    "?a",
    "a/b",
  ])("may lead to %s", (href) => expect(targetOf(href)?.to).toBe("address"));

  it.each([
    "javascript:1",
    "data:,",
    "vbscript:1",
    "blob:x",
    "file:///",
    "ftp://a.test",
    "x-app:1",
    "",
  ])("may not lead to %j", (href) => expect(targetOf(href)).toBeNull());
});

describe("images", () => {
  it("that are not shown say so", async () => {
    const root = tree(await shown({ text: "![Chart](https://a.test/x)" }));
    expect(root.querySelector("img")).toBeNull();
    expect(root.querySelector(".blocked")?.textContent).toContain("Chart");
    expect(root.querySelector(".blocked")?.getAttribute("title")).toContain("not shown");
  });
});

describe("formulas", () => {
  it("become MathML that can do nothing", () => {
    const formula = typeset("\\frac{a}{b}", true);
    expect(formula?.querySelector("mfrac")).not.toBeNull();
    expect(formula?.querySelector("annotation, semantics")).toBeNull();
  });

  it.each(["\\frac{a", "{".repeat(3000), "\\def\\a{\\a\\a}\\a", "x".repeat(10_000)])(
    "that KaTeX cannot read are left alone",
    (tex) => expect(typeset(tex, false)).toBeNull(),
  );

  it.each([
    "\\href{javascript:alert(1)}{x}",
    "\\htmlData{a=b}{x}",
    "\\includegraphics{https://a.test}",
  ])("have no links, data or images: %s", (tex) => {
    const formula = typeset(tex, false);
    for (const element of formula === null ? [] : [formula, ...formula.querySelectorAll("*")]) {
      for (const { name } of element.attributes) expect(name).not.toMatch(/href|src|data|style|on/);
    }
  });

  it.each([
    "\\raisebox{99em}{x}",
    "\\raisebox{-99pt}{x}",
    "\\raisebox{4em}{\\raisebox{4em}{x}}",
    "\\hspace{-99em}x",
    "\\hspace{-3em}".repeat(9) + "x",
  ])("are drawn over nothing beside them: %s", (tex) => {
    let way = 0;
    for (const element of typeset(tex, false)?.querySelectorAll("*") ?? []) {
      for (const { name, value } of element.attributes) {
        if (name === "voffset" || value.startsWith("-")) way += Math.abs(parseFloat(value));
      }
    }
    expect(way).toBeLessThanOrEqual(5);
  });

  it("may be raised a little", () => {
    expect(typeset("\\raisebox{1em}{x}", false)?.querySelector("[voffset='1em']")).not.toBeNull();
  });
});
