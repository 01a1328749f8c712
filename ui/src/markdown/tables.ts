/** Tables of a text, with no more cells than are written: marked fills each row up to the header. */

const HEAD = / *([^\n ].*)\n {0,3}((?:\| *)?:?-+:? *(?:\| *:?-+:? *)*(?:\| *)?)(?=\n|$)/y;
const PIPE = /(?<=(?<!\\)(?:\\\\)*)\|/;

/** The header and the line below it, if a table begins at `at`; else null. */
export function tableAt(source: string, at: number): string | null {
  HEAD.lastIndex = at;
  const [head = "", header = "", delimiters = ""] = HEAD.exec(source) ?? [];
  if (!/[:|]/.test(delimiters)) return null;
  const columns = delimiters.replace(/^\||\| *$/g, "").split("|").length;
  return cellsOf(header).length === columns ? head : null;
}

/** The texts of a row's cells. */
export function cellsOf(row: string): readonly string[] {
  const cells = row.split(PIPE).map((cell) => cell.trim().replaceAll("\\|", "|"));
  const first = cells[0] === "" ? 1 : 0;
  const last = cells.at(-1) === "" ? cells.length - 1 : cells.length;
  return cells.slice(first, last);
}
