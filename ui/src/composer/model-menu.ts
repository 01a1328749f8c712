/** The model that answers, where the page offers several. */
import type { ModelOption } from "@openai/chatkit";
import { html, nothing, type TemplateResult } from "lit";

import type { Texts } from "../texts";
import type { ComposerEvents } from "./events";
import "./option-menu";

/** What the menu shows and does. */
export interface ModelMenu {
  models: readonly ModelOption[];
  chosen: string | null;
  disabled: boolean;
  texts: Texts;
  choose: (id: string) => void;
}

/** A menu under the chosen model's name; nothing if there is nothing to choose from. */
export function modelMenu(menu: ModelMenu): TemplateResult | typeof nothing {
  const { models, chosen, disabled, texts, choose } = menu;
  if (models.length === 0) return nothing;
  return html`<chatkit-option-menu
    align="end"
    .label=${texts.model}
    .caption=${models.find(({ id }) => id === chosen)?.label ?? texts.model}
    .options=${models}
    .chosen=${chosen}
    ?disabled=${disabled}
    @chatkit-choose=${({ detail }: ComposerEvents["chatkit-choose"]) => choose(detail.id)}
  ></chatkit-option-menu>`;
}
