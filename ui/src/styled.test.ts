import { html, render } from "lit";
import { describe, expect, test, vi } from "vitest";

import { styled, type Styles } from "./styled";

describe("styled", () => {
  const page = document.createElement("div");
  const show = (styles: Styles): HTMLElement => {
    render(html`<p style=${styled(styles)}></p>`, page);
    return page.firstElementChild as HTMLElement;
  };

  test("sets styles by their names in CSS", () => {
    const { style } = show({
      color: "red",
      marginInlineStart: "4px",
      "--own": "1",
      width: undefined,
    });
    expect(style.color).toBe("red");
    expect(style.getPropertyValue("margin-inline-start")).toBe("4px");
    expect(style.getPropertyValue("--own")).toBe("1");
  });

  test("takes away what is no longer there, and leaves what is the same", () => {
    const { style } = show({ color: "red", width: "1px" });
    const set = vi.spyOn(style, "setProperty");
    show({ color: "red", width: undefined, height: "2px" });
    expect([style.color, style.width, style.height]).toEqual(["red", "", "2px"]);
    expect(set.mock.calls).toEqual([["height", "2px"]]);
  });
});
