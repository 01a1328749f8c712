/** The list of chats, day by day. */
import type { Thread } from "../protocol/items";
import type { Texts } from "../texts";

/** Chats of one time, under its name. */
export interface Group {
  title: string;
  threads: Thread[];
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Threads, newest first, below the names of their days: those of the last week, then months. */
export function byDay(threads: readonly Thread[], texts: Texts, now: Date): Group[] {
  const groups: Group[] = [];
  for (const thread of threads) {
    const title = dayOf(new Date(thread.created_at), texts, now);
    const last = groups.at(-1);
    if (last?.title === title) last.threads.push(thread);
    else groups.push({ title, threads: [thread] });
  }
  return groups;
}

function dayOf(date: Date, texts: Texts, now: Date): string {
  if (Number.isNaN(date.getTime())) return texts.earlier;
  // Rounded, since a day may have 23 or 25 hours; a clock that is ahead of ours is of today.
  const days = Math.round((midnight(now) - midnight(date)) / DAY_MS);
  if (days <= 0) return texts.today;
  if (days === 1) return texts.yesterday;
  const form: Intl.DateTimeFormatOptions =
    days < 7 ? { weekday: "long" } : { month: "long", year: "numeric" };
  const title = new Intl.DateTimeFormat(texts.language, form).format(date);
  return title.charAt(0).toLocaleUpperCase(texts.language) + title.slice(1);
}

/** The beginning of a day, where the reader is. */
function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
