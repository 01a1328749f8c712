/** What is open in a run of text: emphasis, links and images that have begun and not ended. */
import { codeSpanAt, mathAt } from "./math-syntax";

/** A mark that something begins with: `**`, `[`, `![`, … */
export interface Opened {
  readonly mark: string;
  /** Where it is; of `![` that is the bracket. */
  readonly at: number;
}

/** More than anybody means: those that were opened first are then taken for text. */
const MOST_OPEN = 100;
/** Characters of an address with its title. */
const LONGEST_ADDRESS = 5000;

/** Goes along a run of text, construct after construct. */
export class OpenMarks {
  readonly #opened: Opened[] = [];

  /** @param growing More text is to come: a formula may still be without its end. */
  constructor(
    private readonly source: string,
    private readonly growing: boolean,
  ) {}

  /** Those that are open where it is now, outermost first. */
  get opened(): readonly Opened[] {
    return this.#opened;
  }

  /** Past the character or construct at `at`; null if the text ends before that does. */
  pass(at: number): number | null {
    const { source } = this;
    switch (source[at]) {
      case "$":
      case "\\":
        return this.#passMath(at);
      case "`": {
        const end = codeSpanAt(source, at);
        return end === endOfRun(source, at) ? null : end;
      }
      case "[":
        this.#open({ mark: source[at - 1] === "!" ? "![" : "[", at });
        return at + 1;
      case "]":
        return this.#passLink(at);
      case "*":
      case "_":
      case "~":
        return this.#passDelimiters(at);
      default:
        return at + 1;
    }
  }

  /** The link or image that was begun last. */
  link(): number {
    return this.#opened.findLastIndex(({ mark }) => mark.endsWith("["));
  }

  #open(mark: Opened): void {
    this.#opened.push(mark);
    if (this.#opened.length > MOST_OPEN) this.#opened.shift();
  }

  #passMath(at: number): number | null {
    const { source } = this;
    const math = mathAt(source.slice(at), source.charAt(at - 1), this.growing);
    if (math !== undefined) return math.open ? null : at + math.raw.length;
    if (source[at] === "$") return at + 1;
    return at === source.length - 1 ? null : at + 2;
  }

  /** The end of a link's text: with an address or a label behind it, or without. */
  #passLink(at: number): number | null {
    const { source } = this;
    const link = this.link();
    if (link < 0) return at + 1;
    const next = source[at + 1];
    if (next === undefined) return null;
    const close = next === "(" ? ")" : next === "[" ? "]" : null;
    const behind = source.slice(at + 2, at + 2 + LONGEST_ADDRESS);
    const length = close === null ? -1 : behind.indexOf(close) + 1;
    if (length === 0) return null;
    this.#opened.splice(link, 1);
    return at + 2 + length;
  }

  /** A run of `*`, `_` or `~` opens or closes; at the end of the text it may still grow. */
  #passDelimiters(at: number): number | null {
    const { source } = this;
    const char = source.charAt(at);
    const end = endOfRun(source, at);
    const mark = source.slice(at, end);
    if (char === "~" && mark.length !== 2) return end === source.length ? null : end;
    const before = source.charAt(at - 1);
    const after = source.charAt(end);
    const match = this.#opened.findLastIndex((one) => one.mark === mark);
    if (match >= 0 && /\S/.test(before)) this.#opened.length = match;
    else if (after === "") return null;
    else if (/\S/.test(after) && !(char === "_" && /[\p{L}\p{N}]/u.test(before))) {
      this.#open({ mark, at });
    }
    return end;
  }
}

/** Behind the run of one character that begins at `at`. */
export function endOfRun(source: string, at: number): number {
  let end = at + 1;
  while (end < source.length && source[end] === source[at]) end++;
  return end;
}
