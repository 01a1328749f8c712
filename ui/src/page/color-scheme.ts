/** Whether the page is light or dark: as somebody chose, else as the system is. */
import type { ColorScheme } from "@openai/chatkit";

const KEY = "chatkit-color-scheme";

/** The scheme to begin with. */
export function preferred(): ColorScheme {
  const chosen = stored();
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** The other scheme, which is remembered where the browser remembers anything. */
export function switched(scheme: ColorScheme): ColorScheme {
  const other = scheme === "dark" ? "light" : "dark";
  try {
    localStorage.setItem(KEY, other);
  } catch {
    // It is blocked, or full: the choice is for this visit.
  }
  return other;
}

/** Reading throws, too, where the user or the system has blocked storage. */
function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
