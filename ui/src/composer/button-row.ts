/** The buttons below or beside the text. */
import { html, nothing, type TemplateResult } from "lit";

import type { DraftState } from "../conversation/draft";
import { iconButton } from "../icons/icon-button";
import type { Options } from "../options";
import type { Texts } from "../texts";
import type { BuiltInActions } from "./built-ins";
import { acceptAttribute } from "./file-rules";
import { modelMenu } from "./model-menu";
import { sendButton } from "./send-button";
import type { Standing } from "./standing";
import { toolBar } from "./tool-bar";

/** What the buttons do. */
export interface RowActions extends Omit<BuiltInActions, "chooseTool"> {
  /** Files were chosen. */
  picked: (files: readonly File[]) => void;
  chooseTool: (id: string | null) => void;
  chooseModel: (id: string) => void;
  send: () => void;
  stop: () => void;
}

/** What the buttons show and do. */
export interface ButtonRow {
  options: Pick<Options, "composer" | "entities">;
  draft: DraftState;
  standing: Standing;
  texts: Texts;
  actions: RowActions;
}

/** Whether the buttons are so few that they are on one line with the text. */
export function isSingle({ composer, entities }: ButtonRow["options"]): boolean {
  const hasMore = [composer.tools?.length, composer.models?.length, entities.showComposerMenu];
  return !hasMore.some(Boolean);
}

/** Those that the options switch on, in two groups, and the one that sends. */
export function buttonRow(row: ButtonRow): TemplateResult {
  const { options, draft, standing, texts, actions } = row;
  const { composer, entities } = options;
  const { mention, dictate, chooseTool, chooseModel, send, stop } = actions;
  const disabled = !standing.isActive;
  return html`<div class="start">
      ${composer.attachments?.enabled ? attachButton(row) : nothing}
      ${
        entities.onTagSearch && entities.showComposerMenu
          ? iconButton({ icon: "lucide:at-sign", name: texts.mention, press: mention, disabled })
          : nothing
      }
      ${toolBar({
        tools: composer.tools ?? [],
        chosen: draft.toolId,
        disabled,
        texts,
        choose: chooseTool,
      })}
    </div>
    <div class="end">
      ${modelMenu({
        models: composer.models ?? [],
        chosen: draft.modelId,
        disabled,
        texts,
        choose: chooseModel,
      })}
      ${
        composer.dictation?.enabled
          ? iconButton({ icon: "lucide:mic", name: texts.dictate, press: dictate, disabled })
          : nothing
      }
      ${sendButton({ standing, texts, send, stop })}
    </div>`;
}

function attachButton({ options, standing, texts, actions }: ButtonRow): TemplateResult {
  const name = texts.attach;
  const accept = acceptAttribute(options.composer.attachments?.accept);
  const disabled = !standing.isActive;
  const picked = ({ target }: Event): void => {
    if (!(target instanceof HTMLInputElement)) return;
    const files = [...(target.files ?? [])];
    // The same file can be chosen again.
    target.value = "";
    actions.picked(files);
  };
  return html`${iconButton({ icon: "lucide:paperclip", name, press: actions.attach, disabled })}<input
      type="file"
      hidden
      multiple
      accept=${accept === "" ? nothing : accept}
      aria-label=${name}
      @change=${picked}
    />`;
}
