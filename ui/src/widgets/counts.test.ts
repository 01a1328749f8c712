import { expect, test } from "vitest";

import { count } from "./counts";

test.each([
  [1, 1],
  [2.9, 2],
  [1e9, 40],
  [Infinity, 40],
  [0.5, undefined],
  [0, undefined],
  [-3, undefined],
  [NaN, undefined],
  ["3", undefined],
  [null, undefined],
])("of %j there are %j, if 40 are the most", (value, expected) => {
  expect(count(value, 40)).toBe(expected);
});
