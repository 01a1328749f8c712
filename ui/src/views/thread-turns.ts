/** From a thread's items to its turns: what the user said, and what came of it (pure). */
import type { ThreadItem, UserMessageItem } from "../protocol/items";

/** A message of the user with the items that answer it. */
export interface Turn {
  /** Stays the same while the turn is shown, also when its message gets its id from the server. */
  key: string;
  /** Null for what stands before the first message that is loaded. */
  user: UserMessageItem | null;
  /** The message is on its way. */
  isSent: boolean;
  items: readonly ThreadItem[];
}

/**
 * The turns of a thread, with the message on its way as the last.
 *
 * Turns that did not change are the objects of `before`, so that only the others render.
 */
export function turnsOf(
  items: readonly ThreadItem[],
  sent: UserMessageItem | null,
  before: readonly Turn[],
): readonly Turn[] {
  const all = split(items);
  if (sent !== null) all.push({ key: sent.id, user: sent, isSent: true, items: [] });
  const known = new Map(before.map((turn) => [headOf(turn), turn]));
  return all.map((turn, place) => {
    const isLast = place === all.length - 1;
    const old = known.get(headOf(turn)) ?? joined(turn, before) ?? stored(turn, isLast, before);
    if (old === undefined) return turn;
    return isSame(old, turn) ? old : { ...turn, key: old.key };
  });
}

function split(items: readonly ThreadItem[]): Turn[] {
  const turns: { key: string; user: UserMessageItem | null; isSent: false; items: ThreadItem[] }[] =
    [];
  for (const item of items) {
    if (item.type === "user_message") {
      turns.push({ key: item.id, user: item, isSent: false, items: [] });
      continue;
    }
    const last = turns.at(-1);
    if (last === undefined) turns.push({ key: item.id, user: null, isSent: false, items: [item] });
    else last.items.push(item);
  }
  return turns;
}

/** What makes a turn the same one as before. */
function headOf({ user, items }: Turn): string | undefined {
  return (user ?? items[0])?.id;
}

/** The turn that had no message before an older page brought it. */
function joined(turn: Turn, [first]: readonly Turn[]): Turn | undefined {
  if (first === undefined || first.user !== null) return undefined;
  const [item] = first.items;
  return item !== undefined && turn.items.some(({ id }) => id === item.id) ? first : undefined;
}

/** The turn whose message was on its way and now is stored. */
function stored(turn: Turn, isLast: boolean, before: readonly Turn[]): Turn | undefined {
  const last = before.at(-1);
  return isLast && !turn.isSent && turn.user !== null && last?.isSent ? last : undefined;
}

function isSame(one: Turn, other: Turn): boolean {
  return (
    one.user === other.user &&
    one.isSent === other.isSent &&
    one.items.length === other.items.length &&
    one.items.every((item, place) => item === other.items[place])
  );
}
