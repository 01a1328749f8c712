import { describe, expect, it } from "vitest";

import type { Annotation, Source } from "../protocol/items";
import { Sources } from "./sources";

const web: Source = { type: "url", title: "Web", url: "https://example.test/" };
const file: Source = { type: "file", title: "File", filename: "a.pdf" };
const ada: Source = { type: "entity", title: "Ada", id: "ada" };

function at(index: number | null, source: Source): Annotation {
  return { type: "annotation", source, index };
}

describe("Sources", () => {
  it("are in the order of their places in the text, those without one last", () => {
    expect(new Sources([[at(null, ada), at(9, web), at(2, file)]]).all).toEqual([file, web, ada]);
  });

  it("have one number, however often and in however many texts they are named", () => {
    const again = { ...web, title: "Again" };
    const sources = new Sources([
      [at(1, web), at(5, again)],
      [at(0, file), at(3, web)],
    ]);
    expect(sources.all).toEqual([web, file]);
    expect([web, again, file, ada].map((one) => sources.numberOf(one))).toEqual([1, 1, 2, 0]);
  });
});
