/** Days of a month, without a time or a zone: a date is a text `YYYY-MM-DD`. */

/** The date of an ISO date or time, as it is written there; null for what is none. */
export function dateOf(iso: unknown): string | null {
  const [, date] = (typeof iso === "string" && /^(\d{4}-\d{2}-\d{2})(?:$|[T ])/.exec(iso)) || [];
  return date !== undefined && !Number.isNaN(at(date).getTime()) ? date : null;
}

/** The date where the user is. */
export function today(now = new Date()): string {
  const two = (number: number): string => `${number}`.padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** The date so many days later. */
export function daysLater(date: string, days: number): string {
  const moved = at(date);
  moved.setUTCDate(moved.getUTCDate() + days);
  return written(moved);
}

/** The same day of another month, or that month's last day. */
export function monthsLater(date: string, months: number): string {
  const moved = at(date);
  const day = moved.getUTCDate();
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  const last = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  moved.setUTCDate(Math.min(day, last));
  return written(moved);
}

/** A month's weeks, with the days of its neighbours that fill them. */
export function weeksOf(date: string, firstDay: number): string[][] {
  const first = `${date.slice(0, 7)}-01`;
  const before = (at(first).getUTCDay() - firstDay + 7) % 7;
  const start = daysLater(first, -before);
  const length = daysLater(monthsLater(first, 1), -1).slice(8);
  const weeks = Math.ceil((before + Number(length)) / 7);
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: 7 }, (__, day) => daysLater(start, week * 7 + day)),
  );
}

/** Whether a date is between two others, both included; null is no bound. */
export function isWithin(date: string, min: string | null, max: string | null): boolean {
  return (min === null || date >= min) && (max === null || date <= max);
}

/** The day that a week begins with, 0 for Sunday. */
export function firstDayOf(language: string | undefined): number {
  try {
    const locale = new Intl.Locale(language ?? navigator.language) as Intl.Locale & {
      getWeekInfo?: () => { firstDay: number };
      weekInfo?: { firstDay: number };
    };
    return ((locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1) % 7;
  } catch {
    return 1;
  }
}

/** A date as a language writes it; without one, as the browser does. */
export function formatted(
  date: string,
  language: string | undefined,
  options: Intl.DateTimeFormatOptions,
): string {
  return new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" }).format(at(date));
}

function at(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}

function written(date: Date): string {
  return date.toISOString().slice(0, 10);
}
