/** The Escape key, wherever in the chat the focus is. */

/** Whether a key is Escape, and nothing that is open there takes it. */
export function isFreeEscape(event: KeyboardEvent): boolean {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return false;
  return !event
    .composedPath()
    .some(
      (node) => node instanceof Element && node.matches("dialog, [role=dialog], :popover-open"),
    );
}
