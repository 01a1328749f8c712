/** From TeX to MathML. A part of its own: KaTeX is loaded when there is a formula. */
import katex from "katex";

import { LONGEST_TEX } from "./math-syntax";

const MATHML = "http://www.w3.org/1998/Math/MathML";

/** What of KaTeX's output is taken over. No link, no image, no style, no source of the formula. */
const ELEMENTS = new Set(
  (
    "math mrow mi mn mo ms mtext mspace msup msub msubsup munder mover munderover mmultiscripts " +
    "mprescripts mfrac msqrt mroot mtable mtr mtd mlabeledtr mpadded mphantom mstyle menclose"
  ).split(" "),
);
const ATTRIBUTES = new Set(
  (
    "display mathvariant mathcolor mathbackground mathsize scriptlevel displaystyle stretchy fence " +
    "separator form lspace rspace minsize maxsize symmetric largeop movablelimits accent " +
    "accentunder linethickness width height depth voffset columnalign columnspacing columnlines " +
    "rowspacing rowlines notation"
  ).split(" "),
);

/** The formula as an element; null if it is none that KaTeX reads. */
export function typeset(tex: string, display: boolean): Element | null {
  // KaTeX calls itself for each brace.
  if (tex.length > LONGEST_TEX) return null;
  try {
    const markup = katex.renderToString(tex, {
      output: "mathml",
      displayMode: display,
      throwOnError: true,
      strict: "ignore",
      trust: false,
      maxSize: 20,
      maxExpand: 500,
    });
    const math = /<math[\s\S]*<\/math>/.exec(markup)?.[0] ?? "";
    const parsed = new DOMParser().parseFromString(math, "application/xml").documentElement;
    return parsed.localName === "math" ? copied(parsed) : null;
  } catch {
    return null;
  }
}

function copied(from: Element): Element {
  const to = document.createElementNS(MATHML, from.localName);
  for (const { name, value } of from.attributes) {
    if (ATTRIBUTES.has(name)) to.setAttribute(name, value);
  }
  copyChildren(from, to);
  return to;
}

function copyChildren(from: Element, to: Element): void {
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) to.append(child.textContent ?? "");
    else if (!(child instanceof Element)) continue;
    else if (ELEMENTS.has(child.localName)) to.append(copied(child));
    else if (child.localName === "semantics") copyChildren(child, to);
  }
}
