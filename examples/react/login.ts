/**
 * A stand-in for your own login: `POST /login` makes the visitor Ada, with a token in an httpOnly
 * cookie. The backend believes it with AUTH=cookie and the same JWT_SECRET.
 */
import { createHmac } from "node:crypto";
import type { Connect, Plugin } from "vite";

const SECRET = process.env["JWT_SECRET"] ?? "";
const ALIVE_S = 3600;

export function login(): Plugin {
  return {
    name: "login",
    configureServer: ({ middlewares }) => void middlewares.use("/login", answer),
    configurePreviewServer: ({ middlewares }) => void middlewares.use("/login", answer),
  };
}

const answer: Connect.NextHandleFunction = (request, response) => {
  if (request.method !== "POST") {
    response.writeHead(405).end();
    return;
  }
  const token = signed({ sub: "ada", name: "Ada", exp: Math.floor(Date.now() / 1000) + ALIVE_S });
  response.writeHead(204, {
    "Set-Cookie": `auth_token=${token}; HttpOnly; SameSite=Lax; Path=/; Max-Age=${ALIVE_S}`,
  });
  response.end();
};

function signed(claims: Record<string, unknown>): string {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const body = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${body}.${createHmac("sha256", SECRET).update(body).digest("base64url")}`;
}
