import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const OUT = "../src/chatkit_backend/static/ui";

/** Compresses what the server sends, once and as well as it can be. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    async closeBundle() {
      const names = await readdir(OUT, { recursive: true });
      for (const name of names.filter((one) => /\.(js|css|svg)$/.test(one))) {
        const path = join(OUT, name);
        const content = await readFile(path);
        const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
        await writeFile(`${path}.br`, brotliCompressSync(content, { params }));
        await writeFile(`${path}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}

// Two entries: the element, and the server's own chat page. What is needed rarely is a part of its
// own. Nothing is inlined as a data URL or style: a page's content security policy may allow its own
// origin only.
export default defineConfig({
  base: "./",
  plugins: [compressed()],
  build: {
    target: "es2022",
    outDir: OUT,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: {
      input: { chatkit: "src/index.ts", page: "src/page/page.ts" },
      preserveEntrySignatures: "strict",
      output: {
        format: "es",
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "parts/[name]-[hash].js",
        assetFileNames: "parts/[name]-[hash][extname]",
      },
    },
    manifest: "manifest.json",
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
  },
});
