/** For the tests of this folder: a text shown as in a page, and one that has everything. */
import { ContextProvider } from "@lit/context";

import { Chat, chatContext } from "../chat";
import { read } from "../options";
import "./markdown-text";
import type { MarkdownText } from "./markdown-text";

/** `<chatkit-markdown>` in the document, rendered with `props`. */
export async function shown(props: Partial<MarkdownText>): Promise<MarkdownText> {
  const page = document.createElement("div");
  const options = read({ api: { url: "/chatkit", domainKey: "local" } });
  const chat = new Chat(options, () => undefined, "http://localhost/");
  new ContextProvider(page, { context: chatContext, initialValue: chat });
  document.body.replaceChildren(page);
  const element = Object.assign(document.createElement("chatkit-markdown"), props);
  page.append(element);
  await settled(element);
  return element;
}

/** After everything in it has rendered too. */
export async function settled(element: MarkdownText): Promise<void> {
  await element.updateComplete;
  await new Promise((resolve) => setTimeout(resolve));
}

/** The shadow tree, of which each test looks at a part. */
export function tree(element: MarkdownText): ShadowRoot {
  if (element.shadowRoot === null) throw new Error("nothing is rendered");
  return element.shadowRoot;
}

/** The markup without comments, the templates' own line ends, and what does not matter here. */
export function markup(element: MarkdownText): string {
  return tree(element)
    .innerHTML.replace(/<!--.*?-->/g, "")
    .replace(/<style>[\s\S]*?<\/style>/g, "")
    .replace(/ dir="auto"/g, "")
    .replace(/\n +(?=<)/g, "");
}

export const EVERYTHING = `# Heading

A paragraph with **bold**, *italic*, ~~gone~~, \`code\`, a [link](https://example.test/page) and
https://example.test/bare.

- one
- two
  - two and a half
1. first
2. second
- [x] done
- [ ] open

> A quotation.
> - with a list

| Name | Number |
|:-----|-------:|
| Ada  |   1815 |
| Alan |   1912 |

\`\`\`python
def greet(name: str) -> str:
    return f"Hello {name}"
\`\`\`

Inline math $e^{i\\pi} + 1 = 0$ and \\(a_1 * b_2 * c\\) and a block:

$$\\int_0^1 x^2\\,dx = \\frac{1}{3}$$

\\[
a = b
\\]

A [reference][page], ![an image](https://example.test/a.png) and $5 or $6.

[page]: https://example.test/defined

Title
-----

---
The end.`;
