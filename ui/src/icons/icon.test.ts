import { afterEach, describe, expect, it, vi } from "vitest";

import type { Icon } from "./icon";
import "./icon";
import { named } from "./named";
import { own } from "./own";

async function shown(name: string): Promise<Icon> {
  const icon = document.createElement("chatkit-icon");
  icon.name = name;
  document.body.append(icon);
  await icon.updateComplete;
  return icon;
}

const lines = (icon: Icon): number => icon.shadowRoot?.querySelectorAll("svg > *").length ?? 0;

afterEach(() => document.body.replaceChildren());

describe("chatkit-icon", () => {
  it.each(Object.keys(named))("draws %s at once", async (name) => {
    expect(lines(await shown(name))).toBeGreaterThan(0);
  });

  it.each(Object.keys(own))("draws lucide:%s at once", async (name) => {
    expect(lines(await shown(`lucide:${name}`))).toBeGreaterThan(0);
  });

  it("draws any other icon of Lucide when it has come", async () => {
    const icon = await shown("lucide:a-arrow-down");
    await vi.waitFor(() => expect(lines(icon)).toBeGreaterThan(0));
    const old = await shown("lucide:home"); // a name that Lucide had before
    await vi.waitFor(() => expect(lines(old)).toBeGreaterThan(0));
  });

  it.each(["", "nothing", "lucide:", "lucide:nothing-at-all", "constructor", "lucide:__proto__"])(
    "shows nothing for %j",
    async (name) => {
      const icon = await shown(name);
      await new Promise((resolve) => setTimeout(resolve));
      await icon.updateComplete;
      expect(lines(icon)).toBe(0);
    },
  );

  it("follows its name, whichever is loaded first", async () => {
    const icon = await shown("lucide:a-arrow-down");
    icon.name = "check";
    await icon.updateComplete;
    const before = icon.shadowRoot?.querySelector("svg")?.innerHTML;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await icon.updateComplete;
    expect(icon.shadowRoot?.querySelector("svg")?.innerHTML).toBe(before);
  });

  it("says nothing to who hears the page", async () => {
    expect((await shown("star")).getAttribute("aria-hidden")).toBe("true");
  });

  it("draws for lucide:… what Lucide calls so", async () => {
    const { icons } = await import("./all");
    const all = Object.values(icons);
    const pascal = (name: string): string =>
      name.replace(/(^|-)(.)/g, (_, __, c: string) => c.toUpperCase());
    const others = Object.keys(own).filter(
      (name) => icons[pascal(name) as keyof typeof icons] !== own[name]?.lines,
    );
    expect(all.length).toBeGreaterThan(1000);
    expect(others).toEqual(["square-filled"]);
  });

  it("mirrors what points to a side", () => {
    const sided = Object.keys(named).filter((name) => /left|right|back/.test(name));
    expect(sided.filter((name) => !named[name as keyof typeof named].mirrored)).toEqual([]);
  });
});
