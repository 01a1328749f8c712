import { beforeEach, describe, expect, test } from "vitest";

import { text, type Tag } from "./content";
import { isTidy, pointOf, positionOf, read, write } from "./surface";

const ADA: Tag = { type: "input_tag", id: "1", text: "Ada", data: { key: "v" }, interactive: true };
const HELLO = [text("Hi "), ADA, text("!\n")];

let surface: HTMLElement;
beforeEach(() => {
  surface = document.createElement("div");
  document.body.replaceChildren(surface);
});

const child = (index: number): ChildNode => {
  const node = surface.childNodes[index];
  if (node === undefined) throw new Error(`no child ${index}`);
  return node;
};

test("what is written is read again", () => {
  write(surface, HELLO);
  expect(read(surface)).toEqual(HELLO);
  expect(isTidy(surface)).toBe(true);
});

test("there is text on both sides of each tag, for the cursor, and it is not counted", () => {
  write(surface, [ADA, ADA]);
  expect([...surface.childNodes].map(({ nodeName }) => nodeName)).toEqual([
    "#text",
    "CHATKIT-ENTITY",
    "#text",
    "CHATKIT-ENTITY",
    "#text",
    "BR",
  ]);
  expect(isTidy(surface)).toBe(true);
  expect(read(surface)).toEqual([ADA, ADA]);
  for (let position = 0; position <= 2; position += 1) {
    const { node, offset } = pointOf(surface, position);
    expect(node.nodeType).toBe(Node.TEXT_NODE);
    expect(positionOf(surface, node, offset)).toBe(position);
  }
});

test("a tag is one element that is not edited, and knows its tag", () => {
  write(surface, HELLO);
  const element = child(1);
  expect(element).toHaveProperty("contentEditable", "false");
  expect(element).toHaveProperty("entity", {
    id: "1",
    title: "Ada",
    data: { key: "v" },
    interactive: true,
  });
});

describe("what browsers make of lines", () => {
  const line = (value: string): HTMLElement => {
    const div = document.createElement("div");
    div.append(value === "" ? document.createElement("br") : value);
    return div;
  };

  test("blocks are lines, a break at the end is none", () => {
    surface.append("one", line("two"), line(""), line("four"));
    expect(read(surface)).toEqual([text("one\ntwo\n\nfour")]);
    expect(isTidy(surface)).toBe(false);
  });

  test("a break in the middle is a line", () => {
    surface.append("one", document.createElement("br"), "two", document.createElement("br"));
    expect(read(surface)).toEqual([text("one\ntwo")]);
  });

  test("text whose last break was taken away is not tidy", () => {
    surface.append("one");
    expect(isTidy(surface)).toBe(false);
  });
});

describe("positions", () => {
  beforeEach(() => write(surface, HELLO));

  test("of points in text, between elements and within a tag", () => {
    expect(positionOf(surface, child(0), 2)).toBe(2);
    expect(positionOf(surface, surface, 1)).toBe(3);
    expect(positionOf(surface, surface, 2)).toBe(4);
    expect(positionOf(surface, child(2), 1)).toBe(5);
    expect(positionOf(surface, child(1).firstChild ?? surface, 2)).toBe(4);
    expect(positionOf(surface, surface, 99)).toBe(6);
  });

  test("lead back to points", () => {
    for (let position = 0; position <= 6; position += 1) {
      const { node, offset } = pointOf(surface, position);
      expect(positionOf(surface, node, offset)).toBe(position);
    }
  });
});
