import { describe, expect, it, vi } from "vitest";

import { en } from "../texts";
import { focused } from "./focus";
import { staged } from "./stage";

describe("the shell", () => {
  it("is a region with the page's name, in its language and direction", async () => {
    const stage = await staged({ locale: "ar", frameTitle: "Help desk" });
    const shell = stage.find("chatkit-shell");
    await vi.waitFor(() => expect([shell.lang, shell.dir]).toEqual(["ar", "rtl"]));
    expect(shell.getAttribute("role")).toBe("region");
    expect(shell.getAttribute("aria-label")).toBe("Help desk");
  });

  it("changes its language with the options", async () => {
    const stage = await staged();
    const shell = stage.find("chatkit-shell");
    expect([shell.lang, shell.dir, shell.getAttribute("aria-label")]).toEqual([
      "en",
      "ltr",
      en.chat,
    ]);
    stage.element.setOptions({ api: { url: "/chatkit", domainKey: "k" }, locale: "de" });
    await vi.waitFor(() => expect(shell.lang).toBe("de"));
  });

  it("has the disclaimer that the page wants, as strong as it wants", async () => {
    expect((await staged()).findAll("chatkit-disclaimer")).toHaveLength(0);
    const stage = await staged({ disclaimer: { text: "May be *wrong*", highContrast: true } });
    expect(stage.findAll("chatkit-disclaimer .high-contrast")).toHaveLength(1);
    expect((stage.find("chatkit-disclaimer chatkit-markdown") as { text?: string }).text).toBe(
      "May be *wrong*",
    );
    const quiet = await staged({ disclaimer: { text: "May be wrong" } });
    expect(quiet.findAll("chatkit-disclaimer .high-contrast")).toHaveLength(0);
  });

  it("puts the cursor into the composer", async () => {
    const stage = await staged();
    await stage.element.focusComposer();
    const [field] = stage.findAll("chatkit-composer :is(textarea,[contenteditable])");
    expect(focused()).toBe(field);
  });
});
