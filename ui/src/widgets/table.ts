/** Tables. */
import { html, nothing, type TemplateResult } from "lit";

import { styled } from "../styled";
import { word } from "./box-style";
import { childrenOf, type Component, type Of } from "./components";
import { count } from "./counts";
import type { Frame } from "./frame";
import { edges, pixels } from "./lengths";

const ALIGNS = { start: "start", center: "center", end: "end" };
const VERTICAL = { start: "top", center: "middle", end: "bottom" };
/** Widths of columns. */
const COLUMNS = { xs: "48px", sm: "80px", md: "128px", lg: "192px", xl: "256px" };
const MAX_SPAN = 100;

/** `Table`: its rows of headings go before all others. */
export function table(component: Component, frame: Frame): TemplateResult {
  const isHeader = (row: Component): boolean => (row as Of<"Table.Row">).header === true;
  return html`<div class="table" role="region" tabindex="0" aria-label=${frame.widget.texts.table}>
    <table>
      ${
        childrenOf(component).some(isHeader)
          ? html`<thead>
              ${frame.children(component, isHeader)}
            </thead>`
          : nothing
      }
      <tbody>
        ${frame.children(component, (row) => !isHeader(row))}
      </tbody>
    </table>
  </div>`;
}

/** `Table.Row`: cells, which are headings if the row is one of these. */
export function tableRow(component: Component, frame: Frame): TemplateResult {
  const heading = (component as Of<"Table.Row">).header === true;
  const children = childrenOf(component).map((cell): Cell => ({ ...cell, heading }));
  return html`<tr>
    ${frame.children({ ...component, children })}
  </tr>`;
}

/** A cell that knows whether its row is one of headings. */
type Cell = Component & { readonly heading?: boolean };

/** `Table.Cell`: components, over several columns or rows if it says so. */
export function tableCell(component: Component, frame: Frame): TemplateResult {
  const given = component as Of<"Table.Cell">;
  const style = styled({
    inlineSize: pixels(given.width) ?? word(COLUMNS, given.colSize),
    ...edges("padding", given.padding),
    textAlign: word(ALIGNS, given.align),
    verticalAlign: word(VERTICAL, given.vAlign),
  });
  const [columns, rows] = [span(given.colSpan), span(given.rowSpan)];
  const content = frame.children(component);
  return (component as Cell).heading
    ? html`<th scope="col" colspan=${columns} rowspan=${rows} style=${style}>${content}</th>`
    : html`<td colspan=${columns} rowspan=${rows} style=${style}>${content}</td>`;
}

function span(value: unknown): number | typeof nothing {
  return count(value, MAX_SPAN) ?? nothing;
}
