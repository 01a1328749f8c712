/** How far a paragraph goes, found in one pass over its lines. */
import { Lexer } from "marked";

import { mathBlockAt } from "./math-syntax";
import { tableAt } from "./tables";

/** A paragraph, or a heading with a line below it, at the beginning of a text. */
export interface Extent {
  /** Of its words. */
  readonly end: number;
  /** The line below that makes a heading of it; empty if there is none. */
  readonly underline: string;
}

const { hr } = Lexer.rules.block.gfm;

/** marked's rule, but for lines of HTML: they are text. */
const OTHER_BLOCK = new RegExp(
  [
    hr.source.replaceAll(/(^|[^[])\^/g, "$1"),
    " {0,3}#{1,6}(?:\\s|$)",
    " {0,3}>",
    " {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)",
    " {0,3}(?:[*+-]|1[.)])[ \\t]+[^ \\t\\n]",
    "[ \\t]*\\n",
    "$",
  ].join("|"),
  "y",
);
const UNDERLINE = / {0,3}(?:=+|-+)[ \t]*(?=\n|$)/y;

/**
 * The paragraph with which `source` begins.
 *
 * marked asks a pattern that reads on to the end of every table, formula and underlined heading
 * that might begin within it; this one looks at each line once.
 *
 * @param growing More text is to come, so that a formula may still be without its end.
 */
export function paragraphAt(source: string, growing: boolean): Extent {
  let end = lineEnd(source, 0);
  while (end < source.length) {
    const line = end + 1;
    const underline = matchAt(UNDERLINE, source, line);
    if (underline !== "") return { end, underline };
    if (endsAt(source, line, growing)) break;
    end = lineEnd(source, line);
  }
  return { end, underline: "" };
}

function endsAt(source: string, line: number, growing: boolean): boolean {
  OTHER_BLOCK.lastIndex = line;
  return (
    OTHER_BLOCK.test(source) ||
    tableAt(source, line) !== null ||
    mathBlockAt(source.slice(line), growing) !== undefined
  );
}

function lineEnd(source: string, from: number): number {
  const end = source.indexOf("\n", from);
  return end < 0 ? source.length : end;
}

function matchAt(pattern: RegExp, source: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? "";
}
