/** Where a link of somebody who is not trusted may lead. */
import { linkable } from "../addresses";
import { decoded } from "./entities";

/** What `chatkit-link://name?key=value` says; the page does with it what it likes. */
export interface Deeplink {
  name: string;
  data: Record<string, unknown>;
}

export type Target = { to: "address"; href: string } | { to: "page"; deeplink: Deeplink };

const DEEPLINK = /^chatkit-link:\/\/([^/?#\s]+)\/?(?:\?([^#]*))?(?:#.*)?$/i;

/** Where `href`, as Markdown has it, leads; null if it may not lead there. */
export function targetOf(href: string): Target | null {
  const address = decoded(href).trim();
  const deeplink = DEEPLINK.exec(address);
  if (deeplink !== null) {
    return {
      to: "page",
      deeplink: {
        name: unescaped(deeplink[1] ?? ""),
        data: Object.fromEntries(new URLSearchParams(deeplink[2] ?? "")),
      },
    };
  }
  const followed = linkable(address);
  return followed === null ? null : { to: "address", href: followed };
}

function unescaped(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
