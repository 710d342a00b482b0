import { defineConfig } from "vitest/config";

// Two entries: the application, and the style sheet of the pages that the server renders (log-in, errors).
// The server finds the hashed names in dist/.vite/manifest.json under these keys:
// "src/main.tsx" (its `file` and `css`) and "styles/pages.css" (its `file`).

/** KaTeX's style sheet names each font in three formats; every browser that runs this client reads woff2. */
const oneFontFormat = {
  name: "one-font-format",
  enforce: "pre" as const,
  transform: (code: string, id: string) =>
    id.includes("katex.min.css") ? code.replace(/,url\([^)]+\.(?:woff|ttf)\) format\("[^"]+"\)/g, "") : undefined,
};

export default defineConfig({
  plugins: [oneFontFormat],
  base: "/static/",
  publicDir: "images",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist",
    manifest: true,
    // The page's policy takes fonts and pictures from the server only, not from data: URLs.
    assetsInlineLimit: 0,
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
