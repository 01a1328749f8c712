/** Whose images are shown. An image's address is a message to its server: it can carry secrets. */
import { decoded } from "./entities";
import { resolved } from "./links";

/**
 * The address of the image `src`, or null if it is not to be loaded.
 *
 * @param domains `allowed_image_domains` of the thread: hosts (`img.example.com`, with a port if it
 *   is not 443), or `*.example.com` for all below one. Null and [] allow the page's own origin only.
 */
export function imageAddress(src: string, domains: readonly string[] | null): string | null {
  const url = resolved(decoded(src).trim());
  if (url === null) return null;
  if (url.protocol.startsWith("http") && url.origin === location.origin) return url.href;
  if (url.protocol !== "https:" || url.username !== "" || url.password !== "") return null;
  return domains?.some((domain) => covers(domain, url.host)) === true ? url.href : null;
}

function covers(domain: string, host: string): boolean {
  const name = domain.trim().toLowerCase();
  return name.startsWith("*.") ? host.endsWith(name.slice(1)) : host === name;
}
