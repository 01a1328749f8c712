/** Signs in the text that ask for a list: "@" for tags, "/" at the beginning for commands. */
import { TAG_SIGN } from "./content";

/** What the user types to get a list. */
export type Sign = "@" | "/";

/** A sign in the text, with what is sought. */
export interface Trigger {
  sign: Sign;
  /** Position of the sign; what was typed behind it, up to the cursor, is the query. */
  from: number;
  query: string;
}

/** Longest query: what is longer is a sentence and not a name. */
const LONGEST = 40;

// A sign within a word is none: "ada@example.test" mentions nobody. Names may have spaces.
const MENTION = new RegExp(
  `(?:^|[\\s([{"'${TAG_SIGN}])@((?:[^\\s@${TAG_SIGN}][^\\n@${TAG_SIGN}]{0,${LONGEST - 1}})?)$`,
);

/** The sign whose query ends at the cursor, of those that are in use; null if there is none. */
export function triggerAt(
  flatText: string,
  cursor: number,
  inUse: (sign: Sign) => boolean,
): Trigger | null {
  const before = flatText.slice(0, cursor);
  if (inUse("/") && before.startsWith("/")) {
    const query = before.slice(1);
    if (query.length > LONGEST || /^\s/.test(query) || /[\n@/]/.test(query)) return null;
    return query.includes(TAG_SIGN) ? null : { sign: "/", from: 0, query };
  }
  if (!inUse("@")) return null;
  const query = MENTION.exec(before)?.[1];
  return query === undefined ? null : { sign: "@", from: cursor - query.length - 1, query };
}
