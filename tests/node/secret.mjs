// Does what a browser does with the options of docs/sessions.md:
//   node secret.mjs BASE_URL COOKIE, and the options on standard input
// Prints the secrets that it was given as JSON; null where none was.
import { text } from "node:stream/consumers";

const [baseURL, cookie] = process.argv.slice(2);
const overTheNetwork = globalThis.fetch;
const fetch = (path, { credentials, ...request }) =>
  overTheNetwork(baseURL + path, {
    ...request,
    headers: credentials === "include" ? { cookie, "sec-fetch-site": "same-origin" } : {},
  });

const { api } = new Function("fetch", `${await text(process.stdin)}; return options;`)(fetch);
const secretAfter = (current) => api.getClientSecret(current).catch(() => null);

const first = await secretAfter(null);
const second = await secretAfter(first);
const afterLostRefresh = await secretAfter(first);
console.log(JSON.stringify({ first, second, afterLostRefresh }));
