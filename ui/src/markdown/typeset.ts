/** From TeX to MathML. A part of its own: KaTeX is loaded when there is a formula. */
import katex from "katex";

const MATHML = "http://www.w3.org/1998/Math/MathML";
/** Characters, as in math-syntax, which this part of the page cannot share without a request more. */
const LONGEST_TEX = 5000; // KaTeX calls itself for each brace

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
    return parsed.localName === "math" ? new Copy().of(parsed) : null;
  } catch {
    return null;
  }
}

/** In em: how far all parts of a formula together may be moved off their places. */
const FARTHEST = 5;
const EM_PER: Readonly<Record<string, number>> = {
  em: 1,
  ex: 0.5,
  mu: 1 / 18,
  px: 1 / 16,
  pt: 1 / 12,
  pc: 1,
  mm: 1 / 4,
  cm: 2.4,
  in: 6,
};

/** What is taken over of one formula, which stays near the place that it is given. */
class Copy {
  #left = FARTHEST;

  of(from: Element): Element {
    const to = document.createElementNS(MATHML, from.localName);
    for (const { name, value } of from.attributes) {
      if (ATTRIBUTES.has(name) && this.#stays(name, value)) to.setAttribute(name, value);
    }
    this.#children(from, to);
    return to;
  }

  #children(from: Element, to: Element): void {
    for (const child of from.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) to.append(child.textContent ?? "");
      else if (!(child instanceof Element)) continue;
      else if (ELEMENTS.has(child.localName)) to.append(this.of(child));
      else if (child.localName === "semantics") this.#children(child, to);
    }
  }

  /** A negative length, or a `voffset` of any, draws over what stands beside the formula. */
  #stays(name: string, value: string): boolean {
    let way = 0;
    for (const [, number = "", unit = ""] of value.matchAll(/([+-]?[\d.]+)\s*([a-z]+)/gi)) {
      const length = Number(number) * (EM_PER[unit.toLowerCase()] ?? FARTHEST);
      if (name === "voffset" || length < 0) way += Math.abs(length);
    }
    if (way > this.#left) return false;
    this.#left -= way;
    return true;
  }
}
