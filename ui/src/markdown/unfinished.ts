/** What the end of a text that is still being written is most likely to become. */
import { codeSpanAt, mathAt } from "./math-syntax";

/** A last line of nothing but marks says not yet what it is: list, heading, underline, fence, … */
const MARKS =
  /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:[-=*_+~>#]{1,6}|[-*_](?:[ \t]*[-*_])+|\d{1,3}[.)]?|\[[ xX]?\]?|\||`{1,2}|(?:`{3,}|~{3,})[^\n]*|!|\$|\\)?[ \t]*$/;

/** `text` without a last line that is only marks so far. */
export function withoutMarks(text: string): string {
  const start = text.lastIndexOf("\n") + 1;
  return MARKS.test(text.slice(start)) ? text.slice(0, start) : text;
}

/**
 * `text` with the line below a table's first one, if that is what its end is: then it is a table
 * from its first word on.
 */
export function withTable(text: string): string {
  const lines = text.replace(/\n$/, "").slice(-5000).split("\n");
  const last = lines.pop() ?? "";
  const before = lines.pop() ?? "";
  if (!isRow(last)) return text;
  if (!isRow(before)) return `${text.replace(/\n$/, "")}\n${delimiters(last)}`;
  if (isRow(lines.pop() ?? "") || !/^[\s|:-]*$/.test(last)) return text;
  return text.slice(0, text.lastIndexOf(last)) + delimiters(before);
}

const isRow = (line: string): boolean => /^ {0,3}\|/.test(line);

function delimiters(header: string): string {
  const cells = header
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return "|" + "-|".repeat(cells.split(/(?<!\\)\|/).length);
}

interface Opened {
  mark: string;
  at: number;
}

/** `source`, the last run of text, with all that is open in it closed, or left out if it is empty. */
export function closed(source: string): string {
  if (/^\s*\[[ xX]?\]?$/.test(source)) return "";
  const opened: Opened[] = [];
  let at = 0;
  while (at < source.length) {
    const char = source.charAt(at);
    const math =
      char === "$" || char === "\\"
        ? mathAt(source.slice(at), source.charAt(at - 1), true)
        : undefined;
    if (math !== undefined) {
      if (math.open) return source;
      at += math.raw.length;
    } else if (char === "\\") {
      if (at === source.length - 1) return ended(source.slice(0, at), opened);
      at += 2;
    } else if (char === "`") {
      const end = codeSpanAt(source, at);
      const ticks = /^`+/.exec(source.slice(at))?.[0] ?? "";
      if (end === at + ticks.length) return ended(withTicks(source, end, ticks), opened);
      at = end;
    } else if (char === "[") {
      opened.push({ mark: source[at - 1] === "!" ? "![" : "[", at });
      at++;
    } else if (char === "]") {
      const end = linkEnd(source, at, opened);
      if (end === null) return unlinked(source, at, opened);
      at = end;
    } else if (char === "*" || char === "_" || char === "~") {
      const end = runEnd(source, at, opened);
      if (end === null) return ended(source.slice(0, at), opened);
      at = end;
    } else {
      at++;
    }
  }
  return ended(source, opened);
}

/** Past the run of `*`, `_` or `~` at `at`; null if it may still grow, as it ends the text. */
function runEnd(source: string, at: number, opened: Opened[]): number | null {
  const char = source.charAt(at);
  let end = at;
  while (source[end] === char) end++;
  const mark = source.slice(at, end);
  if (char === "~" && mark.length !== 2) return end === source.length ? null : end;
  const before = source.charAt(at - 1);
  const after = source.charAt(end);
  const match = opened.findLastIndex((one) => one.mark === mark);
  if (match >= 0 && /\S/.test(before)) opened.length = match;
  else if (after === "") return null;
  else if (/\S/.test(after) && !(char === "_" && /[\p{L}\p{N}]/u.test(before))) {
    opened.push({ mark, at });
  }
  return end;
}

/** Past the link whose text ends at `at`; null if it is unfinished. */
function linkEnd(source: string, at: number, opened: Opened[]): number | null {
  const start = opened.findLastIndex(({ mark }) => mark === "[" || mark === "![");
  if (start < 0) return at + 1;
  const next = source[at + 1];
  const close = next === "(" ? ")" : next === "[" ? "]" : null;
  if (next === undefined) return null;
  const end = close === null ? at : source.indexOf(close, at + 2);
  if (end < 0) return null;
  opened.splice(start, 1);
  return end + 1;
}

/** The text of a link without its address, which is still being written; nothing of an image. */
function unlinked(source: string, at: number, opened: Opened[]): string {
  const start = opened.findLastIndex(({ mark }) => mark === "[" || mark === "![");
  const link = opened[start];
  if (link === undefined) return source;
  const rest = opened.filter((_, index) => index < start);
  if (link.mark === "![") return ended(source.slice(0, link.at - 1), rest);
  return ended(source.slice(0, link.at) + source.slice(link.at + 1, at), rest);
}

function withTicks(source: string, inside: number, ticks: string): string {
  const isEmpty = source.slice(inside).trim() === "";
  return isEmpty ? source.slice(0, inside - ticks.length) : source + ticks;
}

function ended(source: string, opened: readonly Opened[]): string {
  let text = source;
  let closing = "";
  for (const { mark, at } of [...opened].reverse()) {
    const isLink = mark.endsWith("[");
    const isEmpty = text.slice(at + (isLink ? 1 : mark.length)).trim() === "";
    if (mark === "![") text = text.slice(0, at - 1);
    else if (isLink) text = text.slice(0, at) + text.slice(at + 1);
    else if (isEmpty) text = text.slice(0, at);
    else closing += mark;
  }
  return closing === "" ? text : text.trimEnd() + closing;
}
