/** Where suggestions come from: the page's entities and commands, and the composer's own actions. */
import type { Command, Entity } from "@openai/chatkit";

import type { Options } from "../options";
import type { Tag } from "./content";
import { matching, type Outcome, type Search, type Sources, type Suggestion } from "./suggestions";

/** Something that the composer itself can do, by the name that its button has. */
export interface BuiltIn {
  key: string;
  title: string;
  icon: string | null;
  group: string | null;
  run: () => void;
}

/**
 * The sources that the options name.
 *
 * @param builtIns What is offered in the command menu besides the page's commands.
 */
export function sourcesOf(
  { entities, commands }: Pick<Options, "entities" | "commands">,
  builtIns: () => BuiltIn[],
): Sources {
  const { onTagSearch } = entities;
  return {
    ...(onTagSearch && { "@": async (query) => (await onTagSearch(query)).map(ofEntity) }),
    ...(commands && { "/": commandSearch(commands, builtIns) }),
  };
}

/** The tag that stands for an entity in a message. */
export function tagOfEntity({ title, id, data, group, interactive }: Entity): Tag {
  return {
    type: "input_tag",
    id,
    text: title,
    data: data ?? {},
    group: group ?? null,
    interactive: interactive ?? false,
  };
}

function commandSearch(
  commands: NonNullable<Options["commands"]>,
  builtIns: () => BuiltIn[],
): Search {
  return async (query) => {
    const found = (await commands.onSearch?.(query)) ?? [];
    const own = matching(builtIns().map(ofBuiltIn), query);
    return [...found.map((command) => ofCommand(command, commands)), ...own];
  };
}

function ofEntity(entity: Entity): Suggestion {
  return {
    key: entity.id,
    title: entity.title,
    description: null,
    icon: entity.icon ?? null,
    group: entity.group ?? null,
    choose: () => ({ type: "tag", tag: tagOfEntity(entity) }),
  };
}

function ofCommand(command: Command, commands: NonNullable<Options["commands"]>): Suggestion {
  return {
    key: command.id,
    title: command.label,
    description: command.description ?? null,
    icon: command.icon ?? null,
    group: command.group ?? null,
    choose: () => selected(command, commands),
  };
}

async function selected(
  command: Command,
  commands: NonNullable<Options["commands"]>,
): Promise<Outcome> {
  const selection = await commands.onSelect?.(command);
  if (!selection) return null;
  return selection.type === "entity"
    ? { type: "tag", tag: tagOfEntity(selection.entity) }
    : { type: "menu", suggestions: selection.commands.map((one) => ofCommand(one, commands)) };
}

function ofBuiltIn({ key, title, icon, group, run }: BuiltIn): Suggestion {
  return {
    key,
    title,
    description: null,
    icon,
    group,
    choose: () => {
      run();
      return null;
    },
  };
}
