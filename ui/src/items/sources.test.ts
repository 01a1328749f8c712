import { describe, expect, it } from "vitest";

import type { Annotation, AssistantContent, Source } from "../protocol/items";
import { sourcesOf } from "./sources";

const web: Source = { type: "url", title: "Web", url: "https://example.test/" };
const file: Source = { type: "file", title: "File", filename: "a.pdf" };
const ada: Source = { type: "entity", title: "Ada", id: "ada" };

function at(index: number | null, source: Source): Annotation {
  return { type: "annotation", source, index };
}

function text(...annotations: Annotation[]): AssistantContent {
  return { type: "output_text", text: "text", annotations };
}

describe("sourcesOf", () => {
  it("lists sources in the order of their places in the text, those without one last", () => {
    expect(sourcesOf([text(at(null, ada), at(9, web), at(2, file))])).toEqual([file, web, ada]);
  });

  it("lists a source once, however often it is named", () => {
    expect(
      sourcesOf([text(at(1, web), at(5, { ...web, title: "Again" })), text(at(0, web))]),
    ).toEqual([web]);
  });
});
