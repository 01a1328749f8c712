/** Which addresses may be opened or loaded: they come from servers and models, and are not trusted. */

const LINKS = new Set(["http:", "https:", "mailto:", "tel:"]);
const IMAGES = new Set(["http:", "https:", "blob:"]);
const IMAGE_DATA = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[a-z0-9+/=\s]*$/i;

/** `rel` of every link that leaves the page. */
export const REL = "noopener noreferrer nofollow";

/** The address if a link may lead there, else null. */
export function linkable(address: string): string | null {
  const { protocol } = parsed(address) ?? {};
  return protocol !== undefined && LINKS.has(protocol) ? address : null;
}

/** The address if an image may be loaded from it, else null. */
export function showable(address: string): string | null {
  if (IMAGE_DATA.test(address)) return address;
  const { protocol } = parsed(address) ?? {};
  return protocol !== undefined && IMAGES.has(protocol) ? address : null;
}

/** What names the site of an address, without `www.`; empty if it has none. */
export function hostOf(address: string): string {
  return parsed(address)?.hostname.replace(/^www\./, "") ?? "";
}

function parsed(address: string): URL | null {
  try {
    return new URL(address, document.baseURI);
  } catch {
    return null;
  }
}
