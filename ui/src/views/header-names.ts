/** What the page's buttons are called: it gives an icon only. */
import type { HeaderIcon } from "@openai/chatkit";

import type { Texts } from "../texts";

/** The words for each icon; the compiler finds the one that is missing. */
const NAMES = {
  "back-large": "actionBack",
  "back-small": "actionBack",
  "book-open": "actionGuide",
  bug: "actionReport",
  "chat-temporary": "actionTemporary",
  close: "close",
  "collapse-large": "actionCollapse",
  "collapse-left": "actionCollapse",
  "collapse-right": "actionCollapse",
  "collapse-small": "actionCollapse",
  compose: "newChat",
  "dark-mode": "actionDark",
  "dots-horizontal": "more",
  "dots-horizontal-circle": "more",
  "dots-vertical": "more",
  "dots-vertical-circle": "more",
  "double-chevron-left": "actionCollapse",
  "double-chevron-right": "actionExpand",
  "expand-large": "actionExpand",
  "expand-small": "actionExpand",
  grid: "actionOverview",
  hamburger: "actionMenu",
  history: "history",
  home: "actionHome",
  "home-alt": "actionHome",
  "light-mode": "actionLight",
  menu: "actionMenu",
  "menu-inverted": "actionMenu",
  "open-left": "actionExpand",
  "open-right": "actionExpand",
  "settings-cog": "actionSettings",
  share: "actionShare",
  "sidebar-collapse-left": "actionSidebar",
  "sidebar-collapse-right": "actionSidebar",
  "sidebar-floating-left": "actionSidebar",
  "sidebar-floating-open-left": "actionSidebar",
  "sidebar-floating-open-right": "actionSidebar",
  "sidebar-floating-right": "actionSidebar",
  "sidebar-left": "actionSidebar",
  "sidebar-open-left": "actionSidebar",
  "sidebar-open-left-alt": "actionSidebar",
  "sidebar-open-right": "actionSidebar",
  "sidebar-open-right-alt": "actionSidebar",
  "sidebar-right": "actionSidebar",
  star: "actionStar",
  "star-filled": "actionStar",
} as const satisfies Record<HeaderIcon, keyof Texts>;

/** The name of a button with this icon. */
export function nameOf(icon: HeaderIcon, texts: Texts): string {
  // The page may be plain JavaScript: what is not in the types is still a button.
  return Object.hasOwn(NAMES, icon) ? texts[NAMES[icon]] : texts.more;
}
