/** The editable element's DOM: content in, content out, and the cursor's place in it. */
import type { UserContent } from "../protocol/items";
import { joined, text, type Content, type Tag } from "./content";
import { tagElement } from "./tag-element";

/** A part of the content, by its positions; a cursor is one without length. */
export interface Span {
  from: number;
  to: number;
}

/** A node of the surface, with what it stands for. */
interface Piece {
  node: Node;
  part: UserContent;
  length: number;
}

/** Which element of a surface stands for which tag. */
const tags = new WeakMap<Node, Tag>();

/**
 * Where a cursor stands that has a tag on either side, or a tag and the field's edge: without text
 * there Chromium takes no typing. No width, no word, and not counted.
 */
const FOOTHOLD = "\uFEFF";

/** Show content: text as it is, tags as elements that are edited as a whole. */
export function write(surface: HTMLElement, content: Content): void {
  const nodes: Node[] = [];
  for (const [place, part] of content.entries()) {
    if (part.type === "input_text") {
      nodes.push(document.createTextNode(part.text));
      continue;
    }
    if (content[place - 1]?.type !== "input_text") nodes.push(foothold());
    nodes.push(tagNode(part));
    if (place === content.length - 1) nodes.push(foothold());
  }
  // An empty last line needs something that gives it height.
  if (content.length > 0) nodes.push(document.createElement("br"));
  surface.replaceChildren(...nodes);
}

/** The content that a surface shows, whatever the browser made of it. */
export function read(surface: HTMLElement): UserContent[] {
  return joined([...pieces(surface)].map(({ part }) => part));
}

/** Whether the browser has left the surface as `write` would make it. */
export function isTidy(surface: HTMLElement): boolean {
  const nodes = [...surface.childNodes];
  const last = nodes.pop();
  if (last === undefined) return true;
  const isText = (node: Node | undefined): boolean => node?.nodeType === Node.TEXT_NODE;
  return (
    last instanceof HTMLBRElement &&
    nodes.length > 0 &&
    nodes.every((node, place) =>
      isText(node)
        ? node.textContent === FOOTHOLD || !node.textContent?.includes(FOOTHOLD)
        : tags.has(node) && isText(nodes[place - 1]) && isText(nodes[place + 1]),
    )
  );
}

/** The position of a point in the DOM. Within a tag it is the position behind it. */
export function positionOf(surface: HTMLElement, node: Node, offset: number): number {
  let position = 0;
  for (const piece of pieces(surface)) {
    if (piece.node === node && node.nodeType === Node.TEXT_NODE) {
      return position + shown((node.textContent ?? "").slice(0, offset)).length;
    }
    if (!isBefore(piece.node, node, offset)) return position;
    position += piece.length;
  }
  return position;
}

/** The point in the DOM of a position. */
export function pointOf(surface: HTMLElement, position: number): { node: Node; offset: number } {
  let left = position;
  const children = [...surface.childNodes];
  for (const [place, node] of children.entries()) {
    if (node.nodeType === Node.TEXT_NODE) {
      const value = node.textContent ?? "";
      if (value === FOOTHOLD && left === 0) return { node, offset: 1 };
      const { length } = shown(value);
      if (left <= length && value !== FOOTHOLD) return { node, offset: left };
      left -= length;
    } else if (left <= 0) {
      return { node: surface, offset: place };
    } else if (tags.has(node)) {
      left -= 1;
    }
  }
  return { node: surface, offset: children.length };
}

/** What is selected in a surface; null if the selection is elsewhere. */
export function selectionIn(surface: HTMLElement): Span | null {
  const range = rangeIn(surface);
  if (range === null) return null;
  return {
    from: positionOf(surface, range.startContainer, range.startOffset),
    to: positionOf(surface, range.endContainer, range.endOffset),
  };
}

/** Select a part of the content. */
export function select(surface: HTMLElement, { from, to }: Span): void {
  const start = pointOf(surface, from);
  const end = pointOf(surface, to);
  selectionOf(surface)?.setBaseAndExtent(start.node, start.offset, end.node, end.offset);
}

/** Selections within shadow trees: Chromium has them on the tree, the standard as composed ranges. */
interface SelectingTree {
  getSelection?: () => Selection | null;
}
interface ComposedSelection {
  getComposedRanges?: (options: { shadowRoots: ShadowRoot[] }) => StaticRange[];
}

function selectionOf(surface: HTMLElement): Selection | null {
  const tree = surface.getRootNode() as SelectingTree;
  return tree.getSelection?.() ?? document.getSelection();
}

function rangeIn(surface: HTMLElement): AbstractRange | null {
  const selection = selectionOf(surface);
  if (selection === null) return null;
  const tree = surface.getRootNode();
  const composed = selection as ComposedSelection;
  const range: AbstractRange | null | undefined =
    tree instanceof ShadowRoot && !("getSelection" in tree) && composed.getComposedRanges
      ? composed.getComposedRanges({ shadowRoots: [tree] })[0]
      : selection.rangeCount > 0
        ? selection.getRangeAt(0)
        : null;
  return range && surface.contains(range.startContainer) ? range : null;
}

function* pieces(parent: Node): Generator<Piece, void> {
  let isFirst = true;
  for (const node of parent.childNodes) {
    const tag = tags.get(node);
    if (tag !== undefined) {
      yield { node, part: tag, length: 1 };
    } else if (node.nodeType === Node.TEXT_NODE) {
      yield textPiece(node, shown(node.textContent ?? ""));
    } else if (node instanceof HTMLBRElement) {
      // The last of a block only gives it height.
      if (node !== parent.lastChild) yield textPiece(node, "\n");
    } else {
      // Browsers put lines into blocks, whatever they are asked.
      if (!isFirst && node instanceof HTMLElement && node.localName !== "span") {
        yield textPiece(node, "\n");
      }
      yield* pieces(node);
    }
    isFirst = false;
  }
}

function textPiece(node: Node, value: string): Piece {
  return { node, part: text(value), length: value.length };
}

function isBefore(piece: Node, node: Node, offset: number): boolean {
  if (piece !== node && node.contains(piece)) {
    const child = [...node.childNodes].findIndex((one) => one.contains(piece));
    return child < offset;
  }
  return (piece.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

function foothold(): Text {
  return document.createTextNode(FOOTHOLD);
}

/** Text without what only the surface needs. */
export function shown(value: string): string {
  return value.replaceAll(FOOTHOLD, "");
}

function tagNode(tag: Tag): Node {
  const element = tagElement(tag);
  tags.set(element, tag);
  return element;
}
