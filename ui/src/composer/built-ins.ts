/** What the composer itself offers in the command menu: what its buttons do. */
import type { Options } from "../options";
import type { Texts } from "../texts";
import type { BuiltIn } from "./sources";

/** What the entries of the menu do. */
export interface BuiltInActions {
  attach: () => void;
  mention: () => void;
  dictate: () => void;
  chooseTool: (id: string) => void;
}

/** An entry for each thing that the options switch on. */
export function builtInsOf(
  { composer, entities }: Pick<Options, "composer" | "entities">,
  texts: Texts,
  { attach, mention, dictate, chooseTool }: BuiltInActions,
): BuiltIn[] {
  const action = (key: string, title: string, icon: string, run: () => void): BuiltIn => ({
    key,
    title,
    icon,
    group: texts.actions,
    run,
  });
  return [
    ...(composer.attachments?.enabled
      ? [action("attach", texts.attach, "lucide:paperclip", attach)]
      : []),
    ...(entities.onTagSearch ? [action("mention", texts.mention, "lucide:at-sign", mention)] : []),
    ...(composer.dictation?.enabled
      ? [action("dictate", texts.dictate, "lucide:mic", dictate)]
      : []),
    ...(composer.tools ?? []).map(({ id, label, icon }) => ({
      key: `tool-${id}`,
      title: label,
      icon,
      group: texts.tools,
      run: () => chooseTool(id),
    })),
  ];
}
