/** Which images a widget may show: an image of another site tells that site who is looking. */

const PICTURE = /^data:image\/(png|jpeg|gif|webp|avif|svg\+xml)[;,]/i;

/**
 * The address to load, or null if it must not be.
 *
 * @param domains The thread's `allowed_image_domains`, subdomains included; without any, only the
 * page's own origin and what the address itself contains.
 */
export function imageSource(src: unknown, domains: readonly string[] | null): string | null {
  if (typeof src !== "string" || src === "") return null;
  if (PICTURE.test(src)) return src;
  const url = URL.parse(src, location.href);
  if (url === null) return null;
  if (url.origin === location.origin && /^https?:$/.test(url.protocol)) return url.href;
  if (url.protocol !== "https:" || url.username !== "" || url.password !== "") return null;
  return domains?.some((domain) => isWithin(url.hostname, domain)) ? url.href : null;
}

function isWithin(host: string, domain: string): boolean {
  const wanted = domain
    .trim()
    .toLowerCase()
    .replace(/^\*?\./, "");
  return wanted !== "" && (host === wanted || host.endsWith(`.${wanted}`));
}
