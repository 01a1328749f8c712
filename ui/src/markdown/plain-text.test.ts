import { expect, it } from "vitest";

import { plainText } from "./plain-text";

it.each([
  ["# A\n\nb **c** `d` [e](https://f.test) &amp;", "A\n\nb c d e &"],
  ["- a\n- b\n  - c\n\n3. d\n4. e", "- a\n- b\n  - c\n\n3. d\n4. e"],
  ["| a | b |\n|---|---|\n| c | d |", "a\tb\nc\td"],
  ["```js\nlet a;\n```", "let a;"],
  ["> a\n>\n> b", "a\n\nb"],
  ["$x^2$ ![alt](https://a.test/b) <b>", "x^2 alt <b>"],
  ["a  \nb", "a\nb"],
  ["| a |\n|-|\n| x<br>y |", "a\nx\ny"],
  ["a<BR />b", "a\nb"],
])("says what %j says", (markdown, text) => {
  expect(plainText(markdown)).toBe(text);
});
