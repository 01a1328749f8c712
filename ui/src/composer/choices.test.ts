import { expect, test } from "vitest";

import { settled } from "./choices";

const models = [
  { id: "a", label: "A", disabled: true },
  { id: "b", label: "B" },
  { id: "c", label: "C", default: true },
];
const tools = [{ id: "s", label: "Search", icon: "globe" as const }];
const none = { toolId: null, modelId: null };

test("without a choice it is the default model, or the first that can be chosen", () => {
  expect(settled(none, { models }).modelId).toBe("c");
  expect(settled(none, { models: models.slice(0, 2) }).modelId).toBe("b");
});

test("a choice stays; one that is not offered or not free does not", () => {
  expect(settled({ ...none, modelId: "b" }, { models }).modelId).toBe("b");
  expect(settled({ ...none, modelId: "a" }, { models }).modelId).toBe("c");
  expect(settled({ ...none, modelId: "x" }, { models }).modelId).toBe("c");
});

test("a page that offers no models may name one", () => {
  expect(settled({ ...none, modelId: "x" }, {}).modelId).toBe("x");
});

test("a tool that is not offered is not chosen", () => {
  expect(settled({ ...none, toolId: "s" }, { tools }).toolId).toBe("s");
  expect(settled({ ...none, toolId: "x" }, { tools }).toolId).toBeNull();
});
