import { describe, expect, it } from "vitest";

import { plainText } from "../composer/content";
import { Editor } from "../composer/editor";
import { en } from "../texts";
import { staged, type Stage } from "./stage";

describe("the start screen", () => {
  it("greets", async () => {
    expect((await staged()).find("chatkit-start-screen h2").textContent).toBe(en.greeting);
    const own = await staged({ startScreen: { greeting: "<b>Hello</b>" } });
    expect(own.find("chatkit-start-screen h2").textContent).toBe("<b>Hello</b>");
  });

  it("sends a prompt of words or of parts", async () => {
    const stage = await staged({
      startScreen: {
        prompts: [
          { label: "Words", prompt: "Tell me", icon: "sparkle" },
          {
            label: "Parts",
            prompt: [
              { type: "input_text", text: "About " },
              { type: "input_tag", id: "e1", text: "Alps" },
            ],
          },
        ],
      },
    });
    const labels = stage.findAll("li button").map((button) => button.textContent.trim());
    expect(labels).toEqual(["Words", "Parts"]);
    stage.findAll("li button").at(0)?.click();
    await stage.settled();
    stage.findAll("li button").at(1)?.click();
    await stage.settled();
    const sent = stage.asked.map(({ params }) => (params["input"] as { content: unknown }).content);
    expect(sent).toEqual([
      [{ type: "input_text", text: "Tell me" }],
      [
        { type: "input_text", text: "About " },
        { type: "input_tag", id: "e1", text: "Alps", data: {} },
      ],
    ]);
  });

  it("puts a prompt that the server refuses into the composer", async () => {
    const stage = await staged({ startScreen: { prompts: [{ label: "A", prompt: "Tell me" }] } });
    stage.find("li button").click();
    await stage.settled();
    expect(stage.seen).toContain("error");
    const field = stage.find("chatkit-composer :is(textarea,[contenteditable])");
    expect(field instanceof HTMLTextAreaElement ? field.value : field.textContent).toBe("Tell me");
  });

  describe("says why a chat did not begin", () => {
    const limit = (): Response => {
      const notice = { type: "notice", level: "warning", message: "Daily limit reached." };
      const headers = { "Content-Type": "text/event-stream" };
      return new Response(`data: ${JSON.stringify(notice)}\n\n`, { status: 429, headers });
    };
    const alerts = (stage: Stage): string[] =>
      stage
        .findAll("[role=alert]")
        .map(({ textContent }) => textContent.trim())
        .filter((words) => words !== "");

    it("with a prompt", async () => {
      const stage = await staged(
        { startScreen: { prompts: [{ label: "A", prompt: "Tell me" }] } },
        { "threads.create": limit },
      );
      expect(alerts(stage)).toEqual([]);
      stage.find("li button").click();
      await stage.settled();
      expect(alerts(stage)).toEqual(["Daily limit reached."]);
    });

    it("with a prompt, which takes nothing away of what is written", async () => {
      const stage = await staged(
        {
          startScreen: { prompts: [{ label: "A", prompt: "Tell me" }] },
          composer: { attachments: { enabled: true } },
        },
        { "threads.create": limit, "attachments.create": limit },
      );
      // A file that cannot be sent: there is no message yet, but there is a text.
      const files = [new File(["x"], "a.txt", { type: "text/plain" })];
      await stage.element.setComposerValue({ text: "my text", files });
      stage.find("li button").click();
      await stage.settled();
      const editor = stage.find("chatkit-editor");
      expect(editor instanceof Editor && plainText(editor.content)).toBe("Tell me\nmy text");
    });

    it("with a message of the page, until there is another", async () => {
      const stage = await staged({}, { "threads.create": limit });
      const sending = stage.element.sendUserMessage({ text: "Hello" });
      await expect(sending).rejects.toThrow("Daily limit reached.");
      await stage.settled();
      expect(alerts(stage)).toEqual(["Daily limit reached."]);
      await stage.element.setThreadId(null);
      await stage.settled();
      expect(alerts(stage)).toEqual([]);
    });

    it("with a message of the composer", async () => {
      const stage = await staged({}, { "threads.create": () => new Error("No such model.") });
      await stage.element.setComposerValue({ text: "Hello" });
      stage.find("chatkit-editor").dispatchEvent(new CustomEvent("chatkit-submit"));
      await stage.settled();
      expect(alerts(stage)).toEqual(["No such model."]);
    });
  });

  it("sends it with what is chosen in the composer", async () => {
    const stage = await staged({
      startScreen: { prompts: [{ label: "A", prompt: "Tell me" }] },
      composer: {
        tools: [{ id: "search", label: "Search", icon: "search" }],
        models: [{ id: "small", label: "Small" }],
      },
    });
    await stage.element.setComposerValue({ selectedToolId: "search", selectedModelId: "small" });
    stage.find("li button").click();
    await stage.settled();
    expect(stage.asked[0]?.params).toMatchObject({
      input: { inference_options: { tool_choice: { id: "search" }, model: "small" } },
    });
  });
});
