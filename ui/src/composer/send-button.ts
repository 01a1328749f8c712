/** Send, or while there is an answer stop: one button, so that the focus stays on it. */
import { html, type TemplateResult } from "lit";

import "../icons/icon";
import type { Texts } from "../texts";
import type { Standing } from "./standing";

/** What the button shows and does. */
export interface SendButton {
  standing: Standing;
  texts: Texts;
  send: () => void;
  stop: () => void;
}

/** The button; a press of it leaves the cursor in the text. */
export function sendButton({ standing, texts, send, stop }: SendButton): TemplateResult {
  const isStop = standing.isAnswering;
  const isOff = isStop ? !standing.canStop : !standing.canSend;
  const label = isStop ? texts.stop : texts.send;
  return html`<button
    class="icon primary ${isStop ? "stop" : ""}"
    type="button"
    aria-label=${label}
    title=${label}
    aria-disabled=${isOff}
    @mousedown=${(event: Event) => event.preventDefault()}
    @click=${isStop ? stop : send}
  >
    <chatkit-icon name=${isStop ? "lucide:square-filled" : "lucide:arrow-up"}></chatkit-icon>
  </button>`;
}
