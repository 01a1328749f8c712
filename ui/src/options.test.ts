import type { ChatKitOptions } from "@openai/chatkit";
import { describe, expect, it, vi } from "vitest";

import { read } from "./options";

const api = { url: "/chatkit", domainKey: "x" };

describe("options", () => {
  it("have a default for everything that the page leaves out", () => {
    expect(read({ api })).toEqual({
      api,
      locale: null,
      theme: {},
      frameTitle: null,
      initialThread: null,
      onClientTool: null,
      header: {
        enabled: true,
        title: { enabled: true, text: null },
        leftAction: null,
        rightAction: null,
      },
      history: { enabled: true, showDelete: true, showRename: true },
      startScreen: {},
      threadItemActions: { feedback: false, retry: false },
      composer: {},
      disclaimer: null,
      entities: {},
      commands: null,
      widgets: {},
      thread: { autoScroll: false },
    });
  });

  it("keep what the page says", () => {
    const onClick = vi.fn();
    const given: ChatKitOptions = {
      api,
      locale: "de",
      frameTitle: "Help",
      initialThread: "thr",
      header: {
        enabled: false,
        title: { enabled: false, text: "Desk" },
        leftAction: { icon: "home", onClick },
      },
      history: { enabled: false, showDelete: false, showRename: false },
      threadItemActions: { feedback: true, retry: true },
      thread: { autoScroll: true },
      disclaimer: { text: "Check it." },
    };
    expect(read(given)).toMatchObject(given);
  });

  it("take a colour scheme alone for a theme", () => {
    expect(read({ api, theme: "dark" }).theme).toEqual({ colorScheme: "dark" });
    const theme = { colorScheme: "light", radius: "sharp" } as const;
    expect(read({ api, theme }).theme).toBe(theme);
  });

  it("have commands only if they are enabled", () => {
    const onSearch = vi.fn();
    expect(read({ api, commands: { enabled: false, onSearch } }).commands).toBeNull();
    expect(read({ api, commands: { enabled: true, onSearch } }).commands).toMatchObject({
      onSearch,
    });
  });

  it("may name sessions in the place of a server", () => {
    const getClientSecret = (): Promise<string> => Promise.resolve("s");
    expect(read({ api: { getClientSecret } }).api).toEqual({ getClientSecret });
  });

  it.each([undefined, null, {}, { url: 7 }, { getClientSecret: "s" }])(
    "say what is missing of api: %j",
    (wrong) => {
      expect(() => read({ api: wrong as never })).toThrow(TypeError);
      expect(() => read({ api: wrong as never })).toThrow(/need api: \{ url, domainKey \}/);
    },
  );
});
