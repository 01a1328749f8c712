import { describe, expect, test } from "vitest";

import { merged } from "./payload";

const values = (entries: Record<string, string | boolean | null>) =>
  new Map(Object.entries(entries));

describe("an action's payload with a form's values", () => {
  test("without values it stays as it is", () => {
    expect(merged({ id: 1 }, values({}))).toEqual({ payload: { id: 1 }, collisions: [] });
    expect(merged(undefined, values({})).payload).toBeUndefined();
  });

  test("values come by the names of their fields, dots nest", () => {
    const { payload } = merged(
      { id: 1 },
      values({ title: "A", "todo.done": true, "todo.by": null }),
    );
    expect(payload).toEqual({ id: 1, title: "A", todo: { done: true, by: null } });
  });

  test("they go into what the payload has nested already, and leave the original alone", () => {
    const given = { todo: { id: 1 } };
    expect(merged(given, values({ "todo.title": "A" })).payload).toEqual({
      todo: { id: 1, title: "A" },
    });
    expect(given).toEqual({ todo: { id: 1 } });
  });

  test("what the payload has itself stays, and the field is named", () => {
    expect(merged({ id: 1, todo: "x" }, values({ id: "2", "todo.title": "A", a: "b" }))).toEqual({
      payload: { id: 1, todo: "x", a: "b" },
      collisions: ["id", "todo.title"],
    });
  });

  test("a payload that is no object takes no values", () => {
    expect(merged([1], values({ a: "b" }))).toEqual({ payload: [1], collisions: ["a"] });
  });

  test("no name reaches a prototype", () => {
    merged({}, values({ "__proto__.polluted": "yes", "constructor.prototype.polluted": "yes" }));
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });
});
