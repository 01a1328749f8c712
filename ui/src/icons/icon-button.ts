/** A button that is an icon: its name is for who hears it, and for who rests the pointer on it. */
import { html, nothing, type TemplateResult } from "lit";

import "./icon";

/** What a button with an icon is. */
export interface IconButton {
  icon: string;
  /** What it is called. */
  name: string;
  press: (event: Event) => void;
  /** Shown when the pointer rests on it, if that is not the name. */
  title?: string;
  /** Classes besides `icon`: `primary`, or one of the view's own. */
  kind?: string;
  /** Nothing can be done with it now. */
  disabled?: boolean;
  /** The same, but it keeps the focus. */
  idle?: boolean;
  /** For a switch: whether it is on. */
  pressed?: boolean;
}

/** The button. Its looks are those of `theme/controls`. */
export function iconButton(button: IconButton): TemplateResult {
  const { icon, name, press, title = name, kind = "", disabled = false, idle, pressed } = button;
  return html`<button
    class="icon ${kind}"
    type="button"
    aria-label=${name}
    title=${title}
    aria-pressed=${pressed ?? nothing}
    aria-disabled=${idle ?? nothing}
    ?disabled=${disabled}
    @click=${press}
  >
    <chatkit-icon name=${icon}></chatkit-icon>
  </button>`;
}
