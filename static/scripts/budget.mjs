// How much JavaScript must arrive before the first message can be shown: the entry and what it imports at once.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 130 * 1024;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

const needed = new Set();
function need(key) {
  const chunk = manifest[key];
  if (needed.has(chunk.file)) return;
  needed.add(chunk.file);
  for (const other of chunk.imports ?? []) need(other);
}
need("src/main.tsx");

let total = 0;
for (const file of needed) {
  const size = gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
  total += size;
  console.log(`${(size / 1024).toFixed(1).padStart(7)} KB  ${file}`);
}
console.log(`${(total / 1024).toFixed(1).padStart(7)} KB  of ${LIMIT / 1024} KB`);
if (total > LIMIT) {
  console.error("The first load is over its budget.");
  process.exit(1);
}
