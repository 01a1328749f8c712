/** Which model and which tool are chosen, of those that the page offers. */
import type { ModelOption, ToolOption } from "@openai/chatkit";

import type { DraftState } from "../conversation/draft";

/** What the page offers to choose from. */
export interface Offered {
  tools?: readonly ToolOption[] | undefined;
  models?: readonly ModelOption[] | undefined;
}

/**
 * The choices of a draft that can be shown; a page that offers no models may still name one.
 *
 * Without a choice it is the default model, else the first that can be chosen.
 */
export function settled(
  { toolId, modelId }: Pick<DraftState, "toolId" | "modelId">,
  { tools = [], models = [] }: Offered,
): Pick<DraftState, "toolId" | "modelId"> {
  const free = models.filter((model) => !model.disabled);
  const model =
    free.find(({ id }) => id === modelId) ?? free.find((one) => one.default) ?? free[0] ?? null;
  return {
    toolId: toolOf(toolId, tools)?.id ?? null,
    modelId: models.length === 0 ? modelId : (model?.id ?? null),
  };
}

/** The tool with an id; null if the page does not offer it. */
export function toolOf(id: string | null, tools: readonly ToolOption[] = []): ToolOption | null {
  return tools.find((tool) => tool.id === id) ?? null;
}
