/** Colours for code. A part of its own: it is loaded when there is code in sight. */
import type { Element, Root, RootContent } from "hast";
import { common, createLowlight } from "lowlight";

/** A run of characters in one colour; `kind` is one of ours, and a class in the styles. */
export interface Run {
  readonly text: string;
  readonly kind: Kind | null;
}

/** What a run of code is. */
export type Kind =
  "comment" | "keyword" | "string" | "number" | "name" | "type" | "meta" | "added" | "removed";

const KINDS: Readonly<Record<string, Kind>> = {
  comment: "comment",
  quote: "comment",
  doctag: "keyword",
  keyword: "keyword",
  operator: "keyword",
  "selector-tag": "keyword",
  "template-tag": "keyword",
  literal: "number",
  number: "number",
  symbol: "number",
  bullet: "number",
  string: "string",
  char: "string",
  regexp: "string",
  link: "string",
  attr: "name",
  attribute: "name",
  property: "name",
  variable: "name",
  "template-variable": "name",
  "selector-attr": "name",
  "selector-class": "name",
  "selector-id": "name",
  "selector-pseudo": "name",
  title: "type",
  name: "type",
  section: "type",
  type: "type",
  class: "type",
  built_in: "type",
  "builtin-name": "type",
  meta: "meta",
  tag: "meta",
  addition: "added",
  deletion: "removed",
};

const lowlight = createLowlight(common);

/** The code in runs; null for a language that is not known. */
export function highlight(code: string, language: string): readonly Run[] | null {
  const name = language.toLowerCase();
  if (!lowlight.registered(name)) return null;
  const runs: Run[] = [];
  collect(lowlight.highlight(name, code), null, runs);
  return runs;
}

function collect(parent: Root | Element, kind: Kind | null, runs: Run[]): void {
  for (const child of parent.children) {
    if (child.type === "text") append(runs, child.value, kind);
    else if (child.type === "element") collect(child, kindOf(child) ?? kind, runs);
  }
}

function append(runs: Run[], text: string, kind: Kind | null): void {
  const last = runs.at(-1);
  if (last?.kind === kind) runs[runs.length - 1] = { text: last.text + text, kind };
  else runs.push({ text, kind });
}

function kindOf(node: Extract<RootContent, { type: "element" }>): Kind | null {
  const names = node.properties["className"];
  const name = Array.isArray(names) ? String(names[0]).replace(/^hljs-/, "") : "";
  return Object.hasOwn(KINDS, name) ? (KINDS[name] ?? null) : null;
}
