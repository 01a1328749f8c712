import type { Command, Entity } from "@openai/chatkit";
import { describe, expect, test, vi } from "vitest";

import { entityOfTag } from "../items/entity";
import { sourcesOf, tagOfEntity } from "./sources";

const NINE: Entity = {
  id: "9",
  title: "Nine",
  group: "Numbers",
  interactive: true,
  data: { a: "b" },
};

describe("tags", () => {
  test("come from the page's search and become tags of the message", async () => {
    const onTagSearch = vi.fn(() => Promise.resolve([{ ...NINE, icon: "user" }]));
    const sources = sourcesOf({ entities: { onTagSearch }, commands: null }, () => []);
    const [found] = (await sources["@"]?.("ni")) ?? [];
    expect(onTagSearch).toHaveBeenCalledWith("ni");
    expect(found).toMatchObject({ title: "Nine", icon: "user", group: "Numbers" });
    expect(await found?.choose()).toEqual({
      type: "tag",
      tag: {
        type: "input_tag",
        id: "9",
        text: "Nine",
        data: { a: "b" },
        group: "Numbers",
        interactive: true,
      },
    });
    expect(sources["/"]).toBeUndefined();
  });

  test("lead back to their entities", () => {
    expect(entityOfTag(tagOfEntity(NINE))).toEqual(NINE);
  });
});

describe("commands", () => {
  const INSERT: Command = { id: "ins", label: "Insert" };
  const builtIn = { key: "x", title: "Attach files", icon: null, group: null, run: vi.fn() };

  test("of the page are offered with the composer's own that match", async () => {
    const commands = { enabled: true, onSearch: () => Promise.resolve([INSERT]) };
    const search = sourcesOf({ entities: {}, commands }, () => [builtIn])["/"];
    expect((await search?.("att"))?.map(({ title }) => title)).toEqual(["Insert", "Attach files"]);
    expect((await search?.("ins"))?.map(({ title }) => title)).toEqual(["Insert"]);
  });

  test("insert an entity, lead to a menu, or only do something", async () => {
    const onSelect = vi.fn((command: Command) =>
      Promise.resolve(
        command.id === "ins"
          ? { type: "menu" as const, commands: [{ id: "nine", label: "Nine" }] }
          : { type: "entity" as const, entity: NINE },
      ),
    );
    const commands = { enabled: true, onSearch: () => Promise.resolve([INSERT]), onSelect };
    const [insert] = (await sourcesOf({ entities: {}, commands }, () => [])["/"]?.("")) ?? [];
    const menu = await insert?.choose();
    expect(onSelect).toHaveBeenCalledWith(INSERT);
    if (menu?.type !== "menu") throw new Error("no menu");
    expect(await menu.suggestions[0]?.choose()).toMatchObject({ type: "tag", tag: { id: "9" } });
  });

  test("of the composer run", async () => {
    const search = sourcesOf({ entities: {}, commands: { enabled: true } }, () => [builtIn])["/"];
    const [own] = (await search?.("")) ?? [];
    expect(await own?.choose()).toBeNull();
    expect(builtIn.run).toHaveBeenCalledOnce();
  });
});
