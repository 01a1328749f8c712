/** Runs of text in pieces of bounded cost: marked's patterns take time by length times marks. */
import { endOfRun, OpenMarks } from "./open-marks";

/** Length times characters that are neither letters, digits nor space, of which any may be a mark. */
const MOST_WORK = 1_000_000;
const MARK = /[^\p{L}\p{N}\s]/u;
const MARKS = /[^\p{L}\p{N}\s]/gu;
/** Scripts that part words by no space are cut between any two letters. */
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff]/;

/** The pieces of `source`, each cut where the least is open: mostly nothing. */
export function* pieces(source: string): Generator<string> {
  if (source.length * marksOf(source) <= MOST_WORK) {
    yield source;
    return;
  }
  let start = 0;
  for (const end of cuts(source)) {
    yield source.slice(start, end);
    start = end;
  }
  yield source.slice(start);
}

const marksOf = (source: string): number => source.match(MARKS)?.length ?? 0;

function* cuts(source: string): Generator<number> {
  const marks = new OpenMarks(source, false);
  let start = 0;
  let count = 0;
  let best: { at: number; open: number } | null = null;
  let at = 0;
  while (at < source.length) {
    const open = marks.opened.length;
    if (isGap(source, at) && at > start && open <= (best?.open ?? open)) best = { at, open };
    if ((at - start) * count > MOST_WORK) {
      start = best?.at ?? whole(source, at);
      yield start;
      count = marksOf(source.slice(start, at));
      best = null;
    }
    const next = marks.pass(at) ?? endOfRun(source, at);
    count += next > at + 1 ? marksOf(source.slice(at, next)) : Number(MARK.test(source.charAt(at)));
    at = next;
  }
}

/** Whether no word, address or line break would be cut here. */
function isGap(source: string, at: number): boolean {
  const here = source.charAt(at);
  if (/\s/.test(here)) return /\S/.test(source.charAt(at - 1));
  return UNSPACED.test(here) && UNSPACED.test(source.charAt(at - 1));
}

/** `at`, or the place before it if that is between the halves of a character. */
function whole(source: string, at: number): number {
  const code = source.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
