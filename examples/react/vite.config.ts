import { defineConfig } from "vite";

import { login } from "./login.ts";

const BACKEND = process.env["BACKEND"] ?? "http://127.0.0.1:8000";

// The page and the backend are one origin for the browser: cookies go along, and no CORS is needed.
// `/chatkit` has `/chatkit/runs/…` below it, and `/ui` the parts of the element.
const proxy = Object.fromEntries(
  ["/chatkit", "/chatkit.js", "/api/chatkit", "/ui"].map((path) => [path, BACKEND]),
);

export default defineConfig({
  plugins: [login()],
  server: { proxy },
  preview: { proxy },
});
