/** Where a link of somebody who is not trusted may lead. */
import { decoded } from "./entities";

/** What `chatkit-link://name?key=value` says; the page does with it what it likes. */
export interface Deeplink {
  name: string;
  data: Record<string, unknown>;
}

export type Target = { to: "address"; href: string } | { to: "page"; deeplink: Deeplink };

const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);
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
  const url = resolved(address);
  return url !== null && SCHEMES.has(url.protocol) ? { to: "address", href: url.href } : null;
}

/**
 * What the browser would make of an address. It drops control characters and knows entities and
 * letter cases better than a pattern does, so its answer is judged, not the text.
 */
export function resolved(address: string): URL | null {
  if (address === "") return null;
  try {
    return new URL(address, document.baseURI);
  } catch {
    return null;
  }
}

function unescaped(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
