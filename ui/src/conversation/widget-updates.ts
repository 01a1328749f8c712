/** Updates of one component within a widget's tree; what did not change stays the same object. */
import type { WidgetComponent, WidgetRoot } from "../protocol/items";

/** The widget with `component` in the place of the component with that id. */
export function componentReplaced(
  root: WidgetRoot,
  id: string,
  component: WidgetComponent,
): WidgetRoot {
  return changed(root, id, () => component) as WidgetRoot;
}

/** The widget with text added to a component that streams; with `done` it streams no more. */
export function textAppended(
  root: WidgetRoot,
  id: string,
  delta: string,
  done: boolean,
): WidgetRoot {
  return changed(root, id, (component) =>
    "value" in component
      ? ({ ...component, value: component.value + delta, streaming: !done } as WidgetComponent)
      : component,
  ) as WidgetRoot;
}

function changed(
  component: WidgetComponent,
  id: string,
  change: (found: WidgetComponent) => WidgetComponent,
): WidgetComponent {
  if (component.id === id) return change(component);
  if (!("children" in component) || component.children === undefined) return component;
  if (!Array.isArray(component.children)) {
    // a Transition has one child, which may be none
    const child = component.children as WidgetComponent | null;
    const next = child === null ? null : changed(child, id, change);
    return next === child ? component : ({ ...component, children: next } as WidgetComponent);
  }
  const children = component.children as WidgetComponent[];
  const next = children.map((child) => changed(child, id, change));
  return next.every((child, place) => child === children[place])
    ? component
    : ({ ...component, children: next } as WidgetComponent);
}
