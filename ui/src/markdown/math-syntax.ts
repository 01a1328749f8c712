/** Where a text is TeX: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`. */
export interface MathToken {
  type: "math";
  raw: string;
  /** The TeX between the delimiters. */
  text: string;
  display: boolean;
  /** Its end has not been written yet. */
  open: boolean;
}

/** Characters of TeX that are typeset; what is longer is text. */
const LONGEST_TEX = 5000;
const LONGEST_IN_LINE = 1000;

const PAIRS = [
  { begin: "$$", end: "$$", display: true, longest: LONGEST_TEX },
  { begin: "\\[", end: "\\]", display: true, longest: LONGEST_TEX },
  { begin: "\\(", end: "\\)", display: false, longest: LONGEST_IN_LINE },
] as const;
const BLANK_LINE = /\n[ \t]*\n/;

/**
 * The formula with which `source` begins.
 *
 * @param before The character before it: `US$5` is no beginning.
 * @param growing More text is to come, so what has no end yet is an open formula.
 */
export function mathAt(source: string, before: string, growing: boolean): MathToken | undefined {
  const first = source[0];
  if (first !== "$" && first !== "\\") return undefined;
  for (const { begin, end, display, longest } of PAIRS) {
    if (!source.startsWith(begin)) continue;
    const at = source.slice(0, begin.length + longest + end.length).indexOf(end, begin.length);
    const isOpen = growing && source.length <= begin.length + longest;
    if (at < 0 && !isOpen) return undefined;
    const text = source.slice(begin.length, at < 0 ? undefined : at);
    if (BLANK_LINE.test(text) || (at >= 0 && text.trim() === "")) return undefined;
    const raw = at < 0 ? source : source.slice(0, at + end.length);
    return { type: "math", raw, text: text.trim(), display, open: at < 0 };
  }
  return first === "$" ? betweenDollars(source, before) : undefined;
}

/** A formula that is a block of its own: nothing but space follows on its last line. */
export function mathBlockAt(source: string, growing: boolean): MathToken | undefined {
  const indent = /^ {0,3}(?=\$\$|\\\[)/.exec(source)?.[0];
  if (indent === undefined) return undefined;
  const math = mathAt(source.slice(indent.length), "", growing);
  if (math === undefined) return undefined;
  const length = indent.length + math.raw.length;
  const rest = /^[ \t]*(?:\n|$)/.exec(source.slice(length))?.[0];
  return rest === undefined ? undefined : { ...math, raw: source.slice(0, length + rest.length) };
}

/** `source` with `a` for each character of a formula: what looks like emphasis there is none. */
export function withoutMath(source: string, shown: string): string {
  let result = shown;
  for (let at = 0; at < source.length; at++) {
    const code = source[at] === "`" ? codeSpanAt(source, at) : null;
    if (code !== null) {
      at = code - 1;
      continue;
    }
    const math = mathAt(source.slice(at), source[at - 1] ?? "", false);
    if (math !== undefined) {
      const end = at + math.raw.length;
      result = result.slice(0, at) + "a".repeat(end - at) + result.slice(end);
      at = end - 1;
    } else if (source[at] === "\\") {
      at++;
    }
  }
  return result;
}

/** Where the code span that begins at `at` ends; if it does not, where its backticks do. */
export function codeSpanAt(source: string, at: number): number {
  let inside = at;
  while (source[inside] === "`") inside++;
  const ticks = source.slice(at, inside);
  for (let end = source.indexOf(ticks, inside); end >= 0; end = source.indexOf(ticks, end)) {
    let after = end;
    while (source[after] === "`") after++;
    if (after - end === ticks.length) return after;
    end = after;
  }
  return inside;
}

function betweenDollars(source: string, before: string): MathToken | undefined {
  if (/[\p{L}\p{N}$\\]/u.test(before) || /^\$(?:\s|$)/.test(source)) return undefined;
  const end = nextDollar(source);
  if (end === undefined || /\s/.test(source[end - 1] ?? "")) return undefined;
  if (/[\d$]/.test(source[end + 1] ?? "")) return undefined;
  const text = source.slice(1, end);
  if (text.includes("`") || isPrice(text)) return undefined;
  return { type: "math", raw: source.slice(0, end + 1), text, display: false, open: false };
}

function nextDollar(source: string): number | undefined {
  const limit = Math.min(source.length, LONGEST_IN_LINE);
  for (let at = 1; at < limit; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "$") return at;
    else if (source[at] === "\n" && /^\n[ \t]*\n/.test(source.slice(at, at + 80))) return undefined;
  }
  return undefined;
}

/** `5 a month, not 7`: an amount and words, with nothing that only TeX has. */
function isPrice(text: string): boolean {
  return (
    /^\d[\d.,]*\p{L}?(?:\s|[-–—/]\p{L})/u.test(text) &&
    !/[\\^_={}]/.test(text) &&
    /\p{L}{2}/u.test(text)
  );
}
