/** Text that the user has selected within an element, shadow roots included. */
import type { Anchor } from "./popover";

/** A selection: its text, and where it is. */
export interface Selected {
  text: string;
  place: Anchor;
}

/** Chromium keeps a shadow root's selection at the root; the others at the document. */
type SelectingRoot = ShadowRoot & { getSelection?: () => Selection | null };

/** What is selected in one of the elements' shadow roots; null if that is nothing. */
export function selectedIn(elements: Iterable<Element>): Selected | null {
  for (const element of elements) {
    const root: SelectingRoot | null = element.shadowRoot;
    const selected = root && inside(root);
    if (selected) return selected;
  }
  return null;
}

function inside(root: SelectingRoot): Selected | null {
  const selection = root.getSelection?.() ?? document.getSelection();
  const text = selection?.toString().trim() ?? "";
  if (selection === null || text === "") return null;
  const range = rangeIn(selection, root);
  return range !== null && root.contains(range.startContainer) ? { text, place: range } : null;
}

/** A live range of the selection: one that ends outside of the root still has its beginning. */
function rangeIn(selection: Selection, root: ShadowRoot): Range | null {
  const composed = composedIn(selection, root);
  if (composed !== null) {
    const range = document.createRange();
    range.setStart(composed.startContainer, composed.startOffset);
    range.setEnd(composed.endContainer, composed.endOffset);
    return range;
  }
  return selection.rangeCount > 0 ? selection.getRangeAt(0) : null;
}

function composedIn(selection: Selection, root: ShadowRoot): StaticRange | null {
  // older browsers do not have it, whatever the types say
  if (!("getComposedRanges" in selection)) return null;
  return selection.getComposedRanges({ shadowRoots: [root] })[0] ?? null;
}
