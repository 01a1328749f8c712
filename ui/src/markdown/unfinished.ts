/** What the end of a text that is still being written is most likely to become. */
import { endOfRun, OpenMarks, type Opened } from "./open-marks";

/** A last line of nothing but marks says not yet what it is: list, heading, underline, fence, … */
const MARKS =
  /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:[-=*_+~>#]{1,6}|[-*_](?:[ \t]*[-*_])+|\d{1,3}[.)]?|\[[ xX]?\]?|\||`{1,2}|(?:`{3,}|~{3,})[^\n]*|!|\$|\\)?[ \t]*$/;

/** Characters. A longer line says what it is, and MARKS tries many ways to read it. */
const LONGEST_MARKS = 100;

/** `text` without a last line that is only marks so far. */
export function withoutMarks(text: string): string {
  const start = text.lastIndexOf("\n") + 1;
  if (text.length - start > LONGEST_MARKS) return text;
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

/** `source`, the last run of text, with all that is open in it closed, or left out if it is empty. */
export function closed(source: string): string {
  if (/^\s*\[[ xX]?\]?$/.test(source)) return "";
  const marks = new OpenMarks(source, true);
  let at = 0;
  while (at < source.length) {
    const next = marks.pass(at);
    if (next === null) return endedIn(source, at, marks);
    at = next;
  }
  return ended(source, marks.opened);
}

/** `source` with what begins at `at`, and is not all there yet, ended or left out. */
function endedIn(source: string, at: number, marks: OpenMarks): string {
  switch (source[at]) {
    case "`":
      return ended(withTicks(source, at), marks.opened);
    case "]":
      return unlinked(source, at, marks);
    case "$":
      return source; // an open formula
    case "\\":
      return at === source.length - 1 ? ended(source.slice(0, at), marks.opened) : source;
    default:
      return ended(source.slice(0, at), marks.opened);
  }
}

/** The text of a link without its address, which is still being written; nothing of an image. */
function unlinked(source: string, at: number, marks: OpenMarks): string {
  const start = marks.link();
  const link = marks.opened[start];
  if (link === undefined) return source;
  const outer = marks.opened.slice(0, start);
  if (link.mark === "![") return ended(source.slice(0, link.at - 1), outer);
  return ended(source.slice(0, link.at) + source.slice(link.at + 1, at), outer);
}

function withTicks(source: string, at: number): string {
  const inside = endOfRun(source, at);
  const isEmpty = source.slice(inside).trim() === "";
  return isEmpty ? source.slice(0, at) : source + source.slice(at, inside);
}

/** `source` without the marks of unfinished links, without what is empty, and with the rest closed. */
function ended(source: string, opened: readonly Opened[]): string {
  let kept: string[] = [];
  let closing = "";
  let end = source.length;
  for (const { mark, at } of opened.toReversed()) {
    const behind = source.slice(at + (mark === "![" ? 1 : mark.length), end);
    const isEmpty = behind.trim() === "" && kept.every((text) => text.trim() === "");
    if (mark === "![" || (mark !== "[" && isEmpty)) {
      kept = [];
      closing = "";
      end = mark === "![" ? at - 1 : at;
    } else {
      kept.push(behind);
      if (mark !== "[") {
        kept.push(mark);
        closing += mark;
      }
      end = at;
    }
  }
  const text = source.slice(0, end) + kept.toReversed().join("");
  return closing === "" ? text : text.trimEnd() + closing;
}
