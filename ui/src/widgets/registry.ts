/** Which function shows which type of component. */
import { button } from "./buttons";
import { chart } from "./charts";
import type { TypeName } from "./components";
import { badge, icon, image } from "./content";
import { checkbox, radioGroup } from "./choices";
import { datePicker, select } from "./choosers";
import type { Render } from "./frame";
import { input, textarea } from "./inputs";
import { box, col, divider, form, row, spacer, transition } from "./layout";
import { basic, card, listView, listViewItem } from "./roots";
import { table, tableCell, tableRow } from "./table";
import { caption, label, markdown, text, title } from "./text";

/** Complete: a type of the protocol that is not here does not compile. */
const RENDERS: Readonly<Record<TypeName, Render>> = {
  Badge: badge,
  Basic: basic,
  Box: box,
  Button: button,
  Caption: caption,
  Card: card,
  Chart: chart,
  Checkbox: checkbox,
  Col: col,
  DatePicker: datePicker,
  Divider: divider,
  Form: form,
  Icon: icon,
  Image: image,
  Input: input,
  Label: label,
  ListView: listView,
  ListViewItem: listViewItem,
  Markdown: markdown,
  RadioGroup: radioGroup,
  Row: row,
  Select: select,
  Spacer: spacer,
  Table: table,
  "Table.Cell": tableCell,
  "Table.Row": tableRow,
  Text: text,
  Textarea: textarea,
  Title: title,
  Transition: transition,
};

/** How a type is shown; null for one that is not known, as servers may have newer ones. */
export function renderOf(type: string): Render | null {
  return Object.hasOwn(RENDERS, type) ? RENDERS[type as TypeName] : null;
}
