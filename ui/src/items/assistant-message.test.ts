import { html } from "lit";
import { describe, expect, it, vi } from "vitest";

import type { SourceDetail } from "../markdown/markdown-text";
import type {
  Annotation,
  AssistantContent,
  AssistantMessageItem,
  EntitySource,
} from "../protocol/items";
import "./assistant-message";
import { Popover } from "./popover";
import { all, find, settled, shown, stage, type Stage } from "./staging";

const ada: EntitySource = { type: "entity", id: "ada", title: "Ada", interactive: true };
const web: Annotation = {
  type: "annotation",
  index: 3,
  source: { type: "url", title: "On the sky", url: "https://www.example.test/sky" },
};

const odd = { type: "annotation", source: { type: "hologram", title: "Odd" } };

async function shownMessage(
  scene: Stage,
  annotations: Annotation[] = [],
  open = false,
): Promise<HTMLElement> {
  return shownParts(scene, [{ type: "output_text", text: "Blue.", annotations }], open);
}

async function shownParts(
  scene: Stage,
  content: AssistantContent[],
  open = false,
): Promise<HTMLElement> {
  const item: AssistantMessageItem = {
    id: "a",
    thread_id: "thr",
    created_at: "2026-01-01T00:00:00Z",
    type: "assistant_message",
    content,
  };
  return scene.show(
    html`<chatkit-assistant-message
      .item=${item}
      .open=${open}
      .imageDomains=${["example.test"]}
    ></chatkit-assistant-message>`,
  );
}

function cite(element: HTMLElement, annotation: Annotation, by: SourceDetail["by"]): void {
  const markdown = find(element, "chatkit-markdown");
  const button = document.createElement("button");
  markdown?.append(button);
  const detail: SourceDetail = { annotation, number: 1, button, by };
  markdown?.dispatchEvent(new CustomEvent("chatkit-source", { detail }));
}

describe("<chatkit-assistant-message>", () => {
  it("gives the Markdown what it needs to know", async () => {
    const element = await shownMessage(stage(), [web], true);
    expect(find(element, "chatkit-markdown")).toMatchObject({
      text: "Blue.",
      streaming: true,
      imageDomains: ["example.test"],
      annotations: [web],
    });
  });

  it("lists its sources when it is finished", async () => {
    const scene = stage();
    expect(find(await shownMessage(scene, [web], true), "chatkit-source-list")).toBeNull();
    const element = await shownMessage(scene, [web]);
    const list = find(element, "chatkit-source-list") as HTMLElement;
    find(list, "button")?.click();
    await settled();
    expect(shown(list)).toBe("Sources 1 1 On the sky example.test");
    expect(find(list, "a")?.getAttribute("href")).toBe("https://www.example.test/sky");
  });

  it("shows a source beside its marker", async () => {
    const show = vi.spyOn(Popover.prototype, "show").mockReturnValue();
    const element = await shownMessage(stage(), [web]);
    cite(element, web, "click");
    await vi.waitFor(() => expect(show).toHaveBeenCalled());
    expect(shown(find(element, "#source") as HTMLElement)).toContain("On the sky");
  });

  it("calls the page's function when an entity's marker is pressed, not when it is pointed at", async () => {
    const onClick = vi.fn();
    const element = await shownMessage(stage({ entities: { onClick } }));
    const annotation: Annotation = { type: "annotation", source: ada };
    cite(element, annotation, "pointer");
    expect(onClick).not.toHaveBeenCalled();
    cite(element, annotation, "click");
    expect(onClick).toHaveBeenCalledWith({ id: "ada", title: "Ada", data: {}, interactive: true });
  });

  it("asks the page once for the preview of an entity that is shown", async () => {
    const onRequestPreview = vi.fn().mockResolvedValue({ preview: null });
    const element = await shownMessage(stage({ entities: { onRequestPreview } }));
    cite(element, { type: "annotation", source: ada }, "focus");
    await settled();
    expect(onRequestPreview).toHaveBeenCalledTimes(1);
    expect(all(element, "chatkit-source-card")).toHaveLength(1);
  });

  it("tells the page when its preview fails", async () => {
    const scene = stage({ entities: { onRequestPreview: () => Promise.reject(new Error("no")) } });
    cite(await shownMessage(scene), { type: "annotation", source: ada }, "focus");
    await settled();
    expect(scene.told.map(({ name }) => name)).toEqual(["chatkit.error"]);
  });

  it("counts its sources over all of its parts", async () => {
    const other: Annotation = {
      ...web,
      source: { type: "url", title: "Other", url: "https://other.test/" },
    };
    const element = await shownParts(stage(), [
      { type: "output_text", text: "Blue.", annotations: [web] },
      { type: "output_text", text: "Grey.", annotations: [other] },
    ]);
    expect(all(element, ".source").map((marker) => marker.textContent.trim())).toEqual(["1", "2"]);
  });

  it("shows what it knows of a message, and tells the page once of the rest", async () => {
    const scene = stage();
    const parts = [
      { type: "output_text", text: "Blue.", annotations: [web, { type: "mark" }, odd] },
      { type: "refusal", refusal: "No." },
    ] as unknown as AssistantContent[];
    await shownParts(scene, parts);
    const element = await shownParts(scene, [...parts]);
    expect(all(element, "chatkit-markdown").map(shown)).toEqual(["Blu 1 e."]);
    expect(scene.told).toEqual(
      [
        { within: "content", type: "refusal" },
        { within: "annotation", type: "mark" },
        { within: "source", type: "hologram" },
      ].map((data) => ({
        name: "chatkit.log",
        detail: { name: "item.unknown_part", data: { id: "a", ...data } },
      })),
    );
  });
});
