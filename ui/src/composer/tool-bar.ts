/** The buttons of tools: those that are pinned, a menu of the others, and the chosen one. */
import type { ToolOption } from "@openai/chatkit";
import { html, nothing, type TemplateResult } from "lit";

import "../icons/icon";
import type { Texts } from "../texts";
import "./option-menu";

/** What the buttons show and do. */
export interface ToolBar {
  tools: readonly ToolOption[];
  chosen: string | null;
  disabled: boolean;
  texts: Texts;
  /** Choose a tool, or with null none. */
  choose: (id: string | null) => void;
}

/** The buttons, in the order of the options. */
export function toolBar(bar: ToolBar): TemplateResult | typeof nothing {
  const { tools, chosen, disabled, texts, choose } = bar;
  const inMenu = tools.filter(({ pinned }) => !pinned);
  const chosenInMenu = inMenu.find(({ id }) => id === chosen);
  return html`${
    inMenu.length === 0
      ? nothing
      : html`<chatkit-option-menu
          icon="settings-slider"
          .label=${texts.tools}
          .options=${inMenu}
          .chosen=${chosen}
          ?disabled=${disabled}
          @chatkit-choose=${({ detail }: CustomEvent<{ id: string }>) =>
            choose(detail.id === chosen ? null : detail.id)}
        ></chatkit-option-menu>`
  }
  ${tools.filter(({ pinned }) => pinned).map((tool) => pinnedTool(tool, bar))}
  ${chosenInMenu === undefined ? nothing : chosenTool(chosenInMenu, bar)}`;
}

function pinnedTool(
  { id, label, shortLabel, icon }: ToolOption,
  { chosen, disabled, choose }: ToolBar,
): TemplateResult {
  const isChosen = id === chosen;
  return html`<button
    class="quiet tool"
    type="button"
    aria-pressed=${isChosen}
    aria-label=${label}
    title=${label}
    ?disabled=${disabled}
    @click=${() => choose(isChosen ? null : id)}
  >
    <chatkit-icon name=${icon}></chatkit-icon>
    <span class="label">${isChosen ? (shortLabel ?? label) : label}</span>
  </button>`;
}

function chosenTool(
  { label, shortLabel, icon }: ToolOption,
  { disabled, texts, choose }: ToolBar,
): TemplateResult {
  return html`<button
    class="quiet tool chosen"
    type="button"
    aria-label=${texts.removeTool(shortLabel ?? label)}
    title=${texts.removeTool(label)}
    ?disabled=${disabled}
    @click=${() => choose(null)}
  >
    <chatkit-icon name=${icon}></chatkit-icon>
    <span class="label">${shortLabel ?? label}</span>
    <chatkit-icon class="remove" name="lucide:x"></chatkit-icon>
  </button>`;
}
