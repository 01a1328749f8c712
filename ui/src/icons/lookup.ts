/** Where the drawing of an icon comes from: what no type names is loaded when the first is shown. */
import { plain, type Glyph } from "./glyph";
import { named } from "./named";
import { own } from "./own";

const LUCIDE = "lucide:";

/** The glyph of a name, if it is there at once. */
export function ownGlyph(name: string): Glyph | null {
  return name.startsWith(LUCIDE)
    ? entry(own, name.slice(LUCIDE.length))
    : (entry(named, name) ?? entry(own, name));
}

/** The glyph of a name, loaded if need be; null for a name that nobody knows. */
export async function loadedGlyph(name: string): Promise<Glyph | null> {
  const glyph = ownGlyph(name);
  if (glyph !== null) return glyph;
  if (!name.startsWith(LUCIDE)) return null;
  const { icons } = await import("./all");
  const lines = entry(icons, pascal(name.slice(LUCIDE.length)));
  return lines && plain(lines);
}

/** Names are of a server or a model: those that every object has are none. */
function entry<T>(table: Readonly<Record<string, T>>, name: string): T | null {
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null;
}

/** `a-arrow-down` as `AArrowDown`. */
function pascal(name: string): string {
  return name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
