/** What stands in the place of the buttons while the user speaks. */
import { html, type TemplateResult } from "lit";

import "../icons/icon";
import { iconButton } from "../icons/icon-button";
import type { Texts } from "../texts";
import type { DictationState } from "./dictation";
import "./level-meter";

/** What the bar shows and does. */
export interface DictationBar {
  state: DictationState;
  texts: Texts;
  /** Forget what was said. */
  cancel: () => void;
  /** Have it written down. */
  stop: () => void;
}

/** How loud it is, or that it is being written down, between the buttons that end it. */
export function dictationBar({ state, texts, cancel, stop }: DictationBar): TemplateResult {
  const isRecording = state.step === "recording";
  const transcribing = state.step === "transcribing" ? texts.transcribing : "";
  return html`<div class="dictation">
    ${iconButton({ icon: "lucide:x", name: texts.cancel, press: cancel })}
    ${
      isRecording
        ? html`<chatkit-level-meter .recording=${state.recording}></chatkit-level-meter>`
        : html`<span class="says">${transcribing}</span>`
    }
    <span class="visually-hidden" role="status"
      >${isRecording ? texts.dictating : transcribing}</span
    >
    <button
      class="icon primary"
      type="button"
      aria-label=${texts.stopDictating}
      title=${texts.stopDictating}
      aria-disabled=${!isRecording}
      @click=${stop}
    >
      <chatkit-icon
        class=${isRecording ? "" : "spinner"}
        name=${isRecording ? "check" : "lucide:loader"}
      ></chatkit-icon>
    </button>
  </div>`;
}
