/** What an icon is drawn of: Lucide's lines, on a square of 24. */
import type { IconNode } from "lucide";

export interface Glyph {
  lines: IconNode;
  /** Filled with the colour of its lines; the lines after the first are then cut out. */
  filled?: boolean;
  /** Points to one side, and to the other where one reads from right to left. */
  mirrored?: boolean;
  /** Turned by a quarter. */
  turned?: boolean;
}

export const plain = (lines: IconNode): Glyph => ({ lines });
export const filled = (lines: IconNode): Glyph => ({ lines, filled: true });
export const mirrored = (lines: IconNode): Glyph => ({ lines, mirrored: true });
export const turned = (lines: IconNode): Glyph => ({ lines, turned: true });
