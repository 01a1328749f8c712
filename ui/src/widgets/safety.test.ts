import { beforeEach, describe, expect, test } from "vitest";

import { card, mounted } from "./testing";

beforeEach(() => {
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(
    "https://chat.test/",
  );
});

const PAYLOADS = [
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  '"><svg onload=alert(1)>',
  "javascript:alert(1)",
  "' onfocus=alert(1) autofocus x='",
  "url(https://evil.test/x)",
  "red; background: url(https://evil.test/x)",
  "var(--x, url(https://evil.test/x))",
  "data:text/html,<script>alert(1)</script>",
  "</style><script>alert(1)</script>",
];

/** Every property with a text, of every component, with the payload in its place. */
function poisoned(bad: string): object[] {
  const looks = { color: bad, weight: bad, textAlign: bad, size: bad };
  const box = {
    ...{ align: bad, justify: bad, wrap: bad, flex: bad, gap: bad, padding: bad, margin: bad },
    ...{ border: { size: 1, color: bad, style: bad }, background: { light: bad, dark: bad } },
    ...{ height: bad, width: bad, minSize: bad, maxSize: bad, aspectRatio: bad, radius: bad },
    key: bad,
    id: bad,
  };
  const action = { type: bad, payload: { [bad]: bad } };
  const field = {
    ...{ name: bad, placeholder: bad, pattern: bad, defaultValue: bad, inputType: bad },
    ...{ variant: bad, size: bad, gutterSize: bad, onChangeAction: action },
  };
  const options = [{ value: bad, label: bad, description: bad }];
  return [
    { type: "Text", value: bad, ...looks, width: bad },
    { type: "Text", value: bad, editable: { name: bad, autoComplete: bad, placeholder: bad } },
    { type: "Title", value: bad, ...looks },
    { type: "Caption", value: bad, ...looks },
    { type: "Badge", label: bad, color: bad, variant: bad, size: bad },
    { type: "Box", ...box, direction: bad },
    { type: "Row", ...box },
    { type: "Col", ...box },
    { type: "Divider", color: bad, size: bad, spacing: bad },
    { type: "Spacer", minSize: bad },
    { type: "Icon", name: bad, color: bad, size: bad },
    { type: "Image", src: bad, alt: bad, fit: bad, position: bad, ...box },
    { type: "Button", label: bad, iconStart: bad, iconEnd: bad, color: bad, onClickAction: action },
    { type: "Form", ...box, onSubmitAction: action, children: [{ type: "Input", ...field }] },
    { type: "Textarea", ...field },
    { type: "Checkbox", ...field, label: bad },
    { type: "Select", ...field, options },
    { type: "DatePicker", ...field, min: bad, max: bad },
    { type: "RadioGroup", ...field, options, ariaLabel: bad },
    { type: "Label", value: bad, fieldName: bad, ...looks },
    {
      type: "Table",
      children: [
        {
          type: "Table.Row",
          header: true,
          children: [{ type: "Table.Cell", width: bad, align: bad }],
        },
      ],
    },
    { type: "ListViewItem", children: [], gap: bad, align: bad, onClickAction: action },
    { type: "Card", children: [], status: { text: bad, favicon: bad }, background: bad, size: bad },
    { type: "ListView", children: [], limit: bad, status: { text: bad, icon: bad }, theme: bad },
    { type: "Basic", children: [], theme: bad, gap: bad },
    {
      type: "Chart",
      data: [{ [bad]: bad }],
      xAxis: bad,
      series: [{ type: "bar", dataKey: bad, color: bad }],
    },
    { type: "Transition", children: { type: "Text", value: bad, key: bad } },
    { type: bad },
  ];
}

describe("nothing in a text runs or loads", () => {
  test.each(PAYLOADS)("%s", async (bad) => {
    const page = await mounted(card(...poisoned(bad)));
    const elements = page.all("*");
    expect(elements.length).toBeGreaterThan(20);
    for (const element of elements) {
      expect(["script", "iframe", "object", "embed", "svg", "link", "base"]).not.toContain(
        element.localName,
      );
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^on/);
        if (["src", "href", "action", "formaction", "srcset"].includes(name)) {
          expect(value).toMatch(/^https:\/\/chat\.test\//);
        }
        if (name === "style") expect(value).not.toMatch(/url\(|var\(--x|evil/);
      }
    }
  });
});
