/** The components of a widget, as they are on the wire: the types of `@openai/chatkit`, and what
 * openai-chatkit 1.6 (`chatkit/widgets.py`) sends besides. */
import type { Widgets } from "@openai/chatkit";

import type { WidgetComponent, WidgetRoot } from "../protocol/items";

/** Which of the two palettes counts. */
export type Scheme = "light" | "dark";
/** A token, a primitive or a CSS colour; one for all or one for each scheme. */
export type Color = string | { light: string; dark: string };

/** What a control does (`chatkit/actions.py`); the types of `@openai/chatkit` have only two of these. */
export interface ActionConfig {
  type: string;
  payload?: unknown;
  handler?: "client" | "server";
  loadingBehavior?: "auto" | "none" | "self" | "container";
  streaming?: boolean;
}

type Found<T extends string> = Extract<WidgetComponent, { type: T }>;

/** An entry of a select or a radio group. */
export interface SelectOption {
  value: string;
  label: string;
  disabled?: boolean;
  description?: string;
}

/** Values of a chart that belong together. */
export interface Series {
  type: "bar" | "area" | "line";
  dataKey: string;
  label?: string | null;
  stack?: string;
  color?: Color;
  curveType?: string | null;
}

/** Properties of all that has a size. */
export type Sizes = Pick<
  Found<"Box">,
  | "height"
  | "width"
  | "size"
  | "minHeight"
  | "minWidth"
  | "minSize"
  | "maxHeight"
  | "maxWidth"
  | "maxSize"
  | "aspectRatio"
>;

/** A chart, which the types of `@openai/chatkit` do not have. */
export type Chart = Sizes & {
  type: "Chart";
  key?: string;
  id?: string;
  data: Record<string, string | number>[];
  series: Series[];
  xAxis: string | { dataKey: string; hide?: boolean; labels?: Record<string, string> };
  showYAxis?: boolean;
  showLegend?: boolean;
  showTooltip?: boolean;
  barGap?: number;
  barCategoryGap?: number;
  flex?: number | string;
};

interface Additions {
  Chart: Chart;
  Image: Found<"Image"> & { background?: Color; flex?: number | string };
  Select: Omit<Found<"Select">, "options"> & { options: SelectOption[]; searchable?: boolean };
}

/** A component by its type. */
export type Of<T extends TypeName> = T extends keyof Additions ? Additions[T] : Found<T>;
/** Every type of component that is shown. */
export type TypeName = WidgetComponent["type"] | "Chart";

/** Padding or margin by edge. */
export type Spacing = Exclude<NonNullable<Found<"Box">["padding"]>, number | string>;
/** What all boxes have; a form and a root are boxes too. */
export type BoxProps = Omit<Found<"Box">, "type" | "key" | "id" | "direction">;
/** What a card or a list is about. */
export type Status = NonNullable<Widgets.Card["status"]>;
/** How a text is edited where it stands. */
export type Editable = Exclude<NonNullable<Found<"Text">["editable"]>, false>;

/** Something in a tree. What is in it is checked where it is used: the sender may err. */
export interface Component {
  readonly type: string;
  readonly key?: string;
  readonly id?: string;
  readonly children?: unknown;
}

/** Whether something can be looked up by its type; nothing else of it is known. */
export function isComponent(value: unknown): value is Component {
  return typeof value === "object" && value !== null && "type" in value;
}

/** The components in one, whether it may have many, or, as a Transition, one. */
export function childrenOf({ children }: Component): readonly Component[] {
  const all: readonly unknown[] = Array.isArray(children) ? children : [children];
  return all.filter(isComponent);
}

/** A component with the name that it has among its siblings. */
export type Named = readonly [name: string, component: Component];

/**
 * The components in one, each with a name by which it is known again when others come or go: its
 * key or id, or else which of its type it is.
 */
export function namedChildrenOf(parent: Component): readonly Named[] {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  const nth = (type: string): string => {
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    const name = `${type}#${count}`;
    return taken.has(name) ? nth(type) : name;
  };
  return childrenOf(parent).map((child) => {
    const own = child.key ?? child.id;
    const name = own === undefined || taken.has(own) ? nth(child.type) : own;
    taken.add(name);
    return [name, child];
  });
}

/** What is written of a value that should be a text. */
export function shown(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

export type { WidgetRoot };
