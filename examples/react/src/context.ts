/** Adds what the page knows to every ChatKit request: the agent is told who asks, and from where. */
export interface PageContext {
  userInfo: { name: string; plan: string };
  pageContext: { title: string; path: string };
}

/** `fetch` with `metadata` in each ChatKit request; others pass as they are. */
export function withContext(context: () => PageContext): typeof fetch {
  return (input, init) => {
    const body = asRequest(init?.body);
    if (body === null) return fetch(input, init);
    const metadata = { ...body.metadata, ...context() };
    return fetch(input, { ...init, body: JSON.stringify({ ...body, metadata }) });
  };
}

function asRequest(body: unknown): { metadata?: Record<string, unknown> } | null {
  if (typeof body !== "string") return null;
  const parsed: unknown = JSON.parse(body);
  return typeof parsed === "object" ? parsed : null;
}
