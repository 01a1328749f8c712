/** An action's payload with the values of the form around it. */
import type { FieldValue } from "./fields";

/** A payload that can be sent. */
export interface Merged {
  payload: unknown;
  /** Names of fields that are not in it: the payload has something else in their place. */
  collisions: string[];
}

type Nested = Record<string, unknown>;

/**
 * Put values into a payload: `title` as `payload.title`, `todo.title` as `payload.todo.title`. What
 * the payload has itself stays, as the official client has it.
 */
export function merged(payload: unknown, values: ReadonlyMap<string, FieldValue>): Merged {
  if (values.size === 0) return { payload, collisions: [] };
  const missing = payload === undefined || payload === null;
  if (!missing && !isNested(payload)) return { payload, collisions: [...values.keys()] };
  const whole: Nested = missing ? {} : structuredClone(payload);
  const collisions = [...values].filter(([name, value]) => !put(whole, name.split("."), value));
  return { payload: whole, collisions: collisions.map(([name]) => name) };
}

function put(into: Nested, [first = "", ...rest]: string[], value: FieldValue): boolean {
  if (first === "__proto__") return false;
  if (rest.length === 0) {
    if (Object.hasOwn(into, first)) return false;
    into[first] = value;
    return true;
  }
  if (!Object.hasOwn(into, first)) into[first] = {};
  const next = into[first];
  return isNested(next) && put(next, rest, value);
}

function isNested(value: unknown): value is Nested {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
