/** Fields that want the focus when they come. */

/** When a field wants the focus. */
export interface Wishes {
  autoFocus?: boolean;
  autoSelect?: boolean;
}

const entered_ = new WeakSet<Element>();

/** For `ref`: gives a field the focus when it appears, unless the user is writing somewhere else. */
export function entered({ autoFocus, autoSelect }: Wishes): (element?: Element) => void {
  return (element) => {
    if (element === undefined || entered_.has(element)) return;
    entered_.add(element);
    if (!(element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement)) return;
    // The directive runs while the field is not in the page yet.
    queueMicrotask(() => {
      if (autoSelect) element.addEventListener("focus", () => element.select());
      if (autoFocus && !isWriting()) element.focus({ preventScroll: true });
      else if (autoSelect && autoFocus === undefined) element.select();
    });
  };
}

function isWriting(): boolean {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return (
    (active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement) &&
    active.value !== ""
  );
}
