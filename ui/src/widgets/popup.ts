/** Puts a popup beside what opened it, above everything else, within the window. */

/** Where a popup goes, as seen from its anchor. */
export type Side = "top" | "bottom" | "left" | "right";
/** Which edges of a popup and its anchor are in one line. */
export type Align = "start" | "center" | "end";

const GAP_PX = 4;
const MARGIN_PX = 8;

/** Show a popup (an element with `popover="manual"`) at its anchor. */
export function openPopup(popup: HTMLElement, anchor: Element, side: Side, align: Align): void {
  if (!popup.matches(":popover-open")) popup.showPopover();
  const at = placed(
    anchor.getBoundingClientRect(),
    popup.getBoundingClientRect(),
    { width: innerWidth, height: innerHeight },
    { side, align, rtl: getComputedStyle(anchor).direction === "rtl" },
  );
  popup.style.left = `${at.left}px`;
  popup.style.top = `${at.top}px`;
}

/** Hide a popup; nothing if it is not shown. */
export function closePopup(popup: HTMLElement): void {
  if (popup.matches(":popover-open")) popup.hidePopover();
}

interface Size {
  width: number;
  height: number;
}

/** Where a popup's upper left corner goes: the wanted side, or the other one if that has the room. */
export function placed(
  anchor: Pick<DOMRect, "left" | "right" | "top" | "bottom">,
  { width, height }: Size,
  room: Size,
  { side, align, rtl }: { side: Side; align: Align; rtl: boolean },
): { left: number; top: number } {
  const inRow = side === "left" || side === "right";
  const space = {
    top: anchor.top,
    bottom: room.height - anchor.bottom,
    left: anchor.left,
    right: room.width - anchor.right,
  };
  const other = { top: "bottom", bottom: "top", left: "right", right: "left" } as const;
  const need = (inRow ? width : height) + GAP_PX + MARGIN_PX;
  const taken = space[side] < need && space[other[side]] > space[side] ? other[side] : side;
  const along = (start: number, end: number, size: number, flipped: boolean): number => {
    if (align === "center") return (start + end - size) / 2;
    return (align === "start") !== flipped ? start : end - size;
  };
  const at = {
    top: { left: 0, top: anchor.top - GAP_PX - height },
    bottom: { left: 0, top: anchor.bottom + GAP_PX },
    left: { left: anchor.left - GAP_PX - width, top: 0 },
    right: { left: anchor.right + GAP_PX, top: 0 },
  }[taken];
  if (inRow) at.top = along(anchor.top, anchor.bottom, height, false);
  else at.left = along(anchor.left, anchor.right, width, rtl);
  return {
    left: within(at.left, room.width - width),
    top: within(at.top, room.height - height),
  };
}

function within(value: number, most: number): number {
  return Math.max(MARGIN_PX, Math.min(value, most - MARGIN_PX));
}
