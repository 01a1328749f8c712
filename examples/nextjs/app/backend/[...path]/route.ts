/**
 * Passes everything below `/backend` on to chatkit-backend, streams included, so that the browser
 * has one origin and the backend need not be reachable from outside.
 */
const BACKEND = process.env.BACKEND ?? "http://127.0.0.1:8000";

/**
 * What of a request the backend needs. `Host` and connection headers are the proxy's own; by
 * `Origin` and `Sec-Fetch-Site` the backend tells other sites' pages from yours.
 */
const PASSED_ON = [
  "accept",
  "accept-language",
  "authorization",
  "chatkit-stream",
  "content-type",
  "cookie",
  "idempotency-key",
  "if-none-match",
  "last-event-id",
  "origin",
  "sec-fetch-site",
];

type Context = { params: Promise<{ path: string[] }> };

async function proxied(request: Request, { params }: Context): Promise<Response> {
  const { path } = await params;
  const url = new URL(path.map(encodeURIComponent).join("/"), `${BACKEND}/`);
  url.search = new URL(request.url).search;
  const headers = new Headers(
    PASSED_ON.flatMap((name) => {
      const value = request.headers.get(name);
      return value === null ? [] : [[name, value] as [string, string]];
    }),
  );
  headers.set("accept-encoding", "identity");
  const answer = await fetch(url, {
    method: request.method,
    headers,
    body: request.method === "GET" ? null : await request.arrayBuffer(),
    signal: request.signal, // a reader who leaves leaves the backend too
    cache: "no-store",
    redirect: "manual",
  });
  return new Response(answer.body, { status: answer.status, headers: answer.headers });
}

export const GET = proxied;
export const POST = proxied;
export const dynamic = "force-dynamic";
