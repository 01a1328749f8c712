/**
 * Where links may lead and whose images are loaded. Addresses come from servers and models, and
 * are not trusted; an image's address is a message to its server: it can carry secrets.
 */

const LINKS = new Set(["http:", "https:", "mailto:", "tel:"]);
const ATTACHMENTS = new Set(["http:", "https:", "blob:"]);
// No SVG: it is a document, which runs scripts once it is opened or downloaded.
const IMAGE_DATA = /^data:image\/(?:png|jpe?g|gif|webp|avif);base64,[a-z0-9+/=\s]*$/i;

/** `rel` of every link that leaves the page. */
export const REL = "noopener noreferrer nofollow";

/**
 * What the browser would make of an address; null if that is nothing. It drops control characters
 * and knows letter cases better than a pattern does, so its answer is judged, not the text.
 */
export function resolved(address: string): URL | null {
  if (address === "") return null;
  // Not URL.parse: Chrome 126, Firefox 126 and Safari 18 are the first to have it.
  try {
    return new URL(address, document.baseURI);
  } catch {
    return null;
  }
}

/** The address to follow, or null if a link may not lead there. */
export function linkable(address: string): string | null {
  const url = resolved(address);
  return url !== null && LINKS.has(url.protocol) ? url.href : null;
}

/**
 * The address of an image to load, or null if it must not be.
 *
 * @param domains `allowed_image_domains` of the thread: hosts (`img.example.com`, with a port if it
 *   is not 443), or `*.example.com` for all below one. Null and [] allow the page's own origin only.
 */
export function imageAddress(address: string, domains: readonly string[] | null): string | null {
  const url = resolved(address);
  if (url === null) return null;
  if (url.protocol.startsWith("http") && url.origin === location.origin) return url.href;
  if (url.protocol !== "https:" || url.username !== "" || url.password !== "") return null;
  return domains?.some((domain) => covers(domain, url.host)) === true ? url.href : null;
}

/** The same for what a server makes itself, a widget or an image: that may be the image's data. */
export function pictureAddress(address: string, domains: readonly string[] | null): string | null {
  return IMAGE_DATA.test(address) ? address : imageAddress(address, domains);
}

/**
 * The same for a file that the user has attached: its preview is where the server's store is, on
 * any site, and says nothing to it that the upload did not.
 */
export function previewAddress(address: string): string | null {
  if (IMAGE_DATA.test(address)) return address;
  const url = resolved(address);
  return url !== null && ATTACHMENTS.has(url.protocol) ? url.href : null;
}

/** What names the site of an address, without `www.`; empty if it has none. */
export function hostOf(address: string): string {
  return resolved(address)?.hostname.replace(/^www\./, "") ?? "";
}

function covers(domain: string, host: string): boolean {
  const name = domain.trim().toLowerCase();
  return name.startsWith("*.") ? host.endsWith(name.slice(1)) : host === name;
}
