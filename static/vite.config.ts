import { defineConfig } from "vitest/config";

// Two entries: the application, and the style sheet of the pages that the server renders (log-in, errors).
// The server finds the hashed names in dist/.vite/manifest.json under these keys:
// "src/main.tsx" (its `file` and `css`) and "styles/pages.css" (its `file`).
export default defineConfig({
  base: "/static/",
  publicDir: "images",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist",
    manifest: true,
    modulePreload: { polyfill: false },
    target: "es2023",
    rollupOptions: {
      input: { app: "src/main.tsx", pages: "styles/pages.css" },
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
  test: { include: ["tests/unit/**/*.test.ts"], environment: "node" },
});
