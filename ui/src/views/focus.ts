/** Where the focus is, through all shadow roots, and how it stays within a dialog. */

/** The element that has the focus; null if it is nowhere in particular. */
export function focused(): HTMLElement | null {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found instanceof HTMLElement && found !== document.body ? found : null;
}

const CONTROLS = "button:not(:disabled), input:not(:disabled), a[href], [tabindex='0']";

/** Every control in `root` that can have the focus, in order, through all shadow roots. */
export function focusable(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>("*")].flatMap((element) => [
    ...(element.matches(CONTROLS) && element.closest("[hidden]") === null ? [element] : []),
    ...(element.shadowRoot === null ? [] : focusable(element.shadowRoot)),
  ]);
}

/** At the ends of a dialog, Tab goes on at the other end. */
export function keepWithin(root: ParentNode, event: KeyboardEvent): void {
  if (event.key !== "Tab") return;
  const all = focusable(root);
  const [first, last] = [all.at(0), all.at(-1)];
  const now = focused();
  const within = now !== null && all.includes(now);
  if (event.shiftKey && (now === first || !within)) last?.focus();
  else if (!event.shiftKey && now === last) first?.focus();
  else return;
  event.preventDefault();
}
