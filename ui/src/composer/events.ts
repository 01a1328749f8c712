/** What the composer's elements tell the composer. */
import type { Content } from "./content";

/** The events by name. */
export interface ComposerEvents {
  /** The text is another. */
  "chatkit-edit": CustomEvent<{ content: Content }>;
  /** The user wants the message to be sent. */
  "chatkit-submit": CustomEvent<undefined>;
  /** Files were pasted. */
  "chatkit-files": CustomEvent<{ files: readonly File[] }>;
  /** An entry of a menu was chosen. */
  "chatkit-choose": CustomEvent<{ id: string }>;
  /** An attachment is to go, or to be tried again. */
  "chatkit-remove": CustomEvent<{ key: string }>;
  "chatkit-retry": CustomEvent<{ key: string }>;
  /** Something that the page gave failed: a search or a command. */
  "chatkit-failure": CustomEvent<{ error: unknown }>;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- it is added to
  interface HTMLElementEventMap extends ComposerEvents {}
}

/** Tell the parent; nobody above it hears. */
export function tell<K extends keyof ComposerEvents>(
  element: HTMLElement,
  name: K,
  detail: ComposerEvents[K]["detail"],
): void {
  element.dispatchEvent(new CustomEvent(name, { detail }));
}
