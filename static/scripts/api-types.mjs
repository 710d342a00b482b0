// Writes src/api/generated.ts from the types that the server serialises: the events of crates/wire and the ids they use.
// `npm run api` writes; `npm run api -- --check` fails when the file is not what it would write (lint does that).
//
// It reads Rust as rustfmt leaves it: one field or variant to a line. What it does not understand is an error, so that
// no type is ever guessed.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const wire = new URL("../../crates/wire/src/", import.meta.url);
const out = new URL("../src/api/generated.ts", import.meta.url);
const PRIMITIVES = {
  bool: "boolean",
  String: "string",
  str: "string",
  Value: "unknown",
  "serde_json::Value": "unknown",
};

const read = (name) => readFileSync(new URL(name, wire), "utf8");
const snake = (name) => name.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
const RENAMES = {
  snake_case: snake,
  lowercase: (name) => name.toLowerCase(),
  camelCase: (name) => name[0].toLowerCase() + name.slice(1),
};

/** Splits at commas that stand in no brackets. */
function splitTop(text) {
  const parts = [];
  let depth = 0;
  let part = "";
  for (const letter of text) {
    if ("<([".includes(letter)) depth += 1;
    if (">)]".includes(letter)) depth -= 1;
    if (letter === "," && depth === 0) {
      parts.push(part);
      part = "";
    } else part += letter;
  }
  return [...parts, part].map((one) => one.trim()).filter(Boolean);
}

const needed = new Set();
let parameters = [];

/** A Rust type as TypeScript writes it. */
function typeOf(rust) {
  const type = rust.trim().replace(/^&(?:'\w+ )?(?:mut )?/, "");
  if (PRIMITIVES[type]) return PRIMITIVES[type];
  if (/^[iuf](8|16|32|64|size)$/.test(type)) return "number";
  const generic = /^(?:[\w:]*::)?(\w+)<(.*)>$/s.exec(type);
  if (generic) {
    const args = splitTop(generic[2]).filter((one) => !one.startsWith("'"));
    if (["Box", "Arc", "Cow"].includes(generic[1])) return typeOf(args[0]);
    if (generic[1] === "Option") return `${typeOf(args[0])} | null`;
    if (/^(Vec|BTreeSet|HashSet)$/.test(generic[1])) return arrayOf(typeOf(args[0]));
    if (/Map$/.test(generic[1])) return `Record<string, ${typeOf(args[1])}>`;
    return `${named(generic[1])}<${args.map(typeOf).join(", ")}>`;
  }
  if (type.startsWith("(")) return `[${splitTop(type.slice(1, -1)).map(typeOf).join(", ")}]`;
  if (type.startsWith("[")) return arrayOf(typeOf(type.slice(1, -1).split(";")[0]));
  return named(type);
}

/** A type of our own: it has to be written too (unless it is a parameter of the one being written). */
function named(path) {
  const name = path.split("::").at(-1);
  if (!/^[A-Z]\w*$/.test(name)) throw new Error(`not a type: ${path}`);
  if (!parameters.includes(name)) needed.add(name);
  return name;
}

const arrayOf = (item) => (/[|&]/.test(item) ? `(${item})[]` : `${item}[]`);

/** The serde attributes of what follows: `key` or `key = "value"`. */
function serde(attributes) {
  const found = {};
  for (const attribute of attributes) {
    const inner = /^#\[serde\((.*)\)\]$/s.exec(attribute)?.[1];
    for (const part of inner ? splitTop(inner) : []) {
      const [, key, value] = /^(\w+)(?:\s*=\s*"(.*)")?$/s.exec(part) ?? [];
      if (!key) throw new Error(`serde attribute: ${attribute}`);
      found[key] = value ?? true;
    }
  }
  return found;
}

/** Fields (or variants) with their documentation and attributes, from the lines between two braces. */
function members(body) {
  const found = [];
  let docs = [];
  let attributes = [];
  const lines = body.split("\n");
  for (let i = 0; i < lines.length; i++) {
    let line = lines[i].trim();
    if (line === "") continue;
    if (line.startsWith("///")) {
      docs.push(line.slice(3).trim());
      continue;
    }
    if (line.startsWith("//")) continue;
    // An attribute or a member may go over several lines: up to where its brackets close.
    const open = (text) => [...text].reduce((n, c) => n + ("([{".includes(c) ? 1 : 0) - (")]}".includes(c) ? 1 : 0), 0);
    while (open(line) > 0 || (line.startsWith("#[") ? !line.endsWith("]") : !line.endsWith(","))) {
      if (++i >= lines.length) throw new Error(`no end of: ${line}`);
      line += `\n${lines[i].trim()}`;
    }
    if (line.startsWith("#[")) attributes.push(line.replaceAll("\n", " "));
    else {
      found.push({ docs, serde: serde(attributes), text: line.replace(/,$/, "") });
      docs = [];
      attributes = [];
    }
  }
  return found;
}

const comment = (docs, indent) =>
  docs.length === 0 ? "" : `${indent}/** ${docs.join(" ").replace(/\[`(?:crate::)?([^`]+)`\]/g, "`$1`")} */\n`;

/** The object type of a struct's fields; flattened ones are added with `&`. */
function fieldsOf(body, rename, indent) {
  const own = [];
  const flat = [];
  for (const { docs, serde: how, text } of members(body)) {
    const [, name, type] = /^(?:pub(?:\([^)]*\))? )?(?:r#)?(\w+):\s*(.*)$/s.exec(text) ?? [];
    if (!name) throw new Error(`field: ${text}`);
    if (how.skip || how.skip_serializing) continue;
    const written = typeOf(type.replaceAll("\n", " "));
    if (how.flatten) {
      flat.push(written.replace(/ \| null$/, ""));
      continue;
    }
    const optional = how.skip_serializing_if !== undefined;
    const shown = optional ? written.replace(/ \| null$/, "") : written;
    own.push(
      `${comment(docs, `${indent}  `)}${indent}  ${how.rename ?? rename(name)}${optional ? "?" : ""}: ${shown};\n`,
    );
  }
  const object = own.length > 0 ? `{\n${own.join("")}${indent}}` : undefined;
  return [object, ...flat].filter(Boolean).join(" & ") || "Record<string, never>";
}

function variantsOf(body, how) {
  const rename = RENAMES[how.rename_all] ?? ((name) => name);
  return members(body).map(({ docs, serde: own, text }) => {
    const [, name, fields, tuple] = /^(\w+)\s*(?:\{(.*)\}|\((.*)\))?$/s.exec(text) ?? [];
    if (!name) throw new Error(`variant: ${text}`);
    const tag = own.rename ?? rename(name);
    const inner =
      fields !== undefined ? fieldsOf(fields, (one) => one, "    ") : tuple && typeOf(tuple.trim().replace(/,$/, ""));
    const doc = comment(docs, "  ");
    if (how.untagged) return `${doc}  | ${inner ?? "null"}`;
    if (!how.tag) {
      if (inner) return `${doc}  | { ${tag}: ${inner} }`;
      return `${doc}  | "${tag}"`;
    }
    if (how.content) return `${doc}  | { ${how.tag}: "${tag}"; ${how.content}: ${inner} }`;
    return `${doc}  | ({ ${how.tag}: "${tag}" }${inner ? ` & ${inner}` : ""})`;
  });
}

/** Every serialised type of a file, by name: a function that writes its declaration. */
function declarations(source) {
  const found = new Map();
  const text = source.replace(/\n#\[cfg\(test\)\][\s\S]*$/, "");
  const item = /((?:^(?:\/\/\/.*|#\[[\s\S]*?\])\n)*)^pub (struct|enum) (\w+)(?:<([^>]*)>)? \{(?:\n([\s\S]*?)^)?\}/gm;
  for (const [, head, kind, name, generics, body = ""] of text.matchAll(item)) {
    if (!/derive\([^)]*\bSerialize\b/.test(head)) continue;
    const docs = [...head.matchAll(/^\/\/\/ ?(.*)$/gm)].map((one) => one[1]);
    const how = serde([...head.matchAll(/^#\[serde\([\s\S]*?\)\]$/gm)].map((one) => one[0].replaceAll("\n", " ")));
    found.set(name, () => {
      const rename = RENAMES[how.rename_all] ?? ((one) => one);
      parameters = splitTop(generics ?? "")
        .filter((one) => !one.startsWith("'"))
        .map((one) => one.split(":")[0].trim());
      const left = parameters.length > 0 ? `${name}<${parameters.join(", ")}>` : name;
      const right = kind === "struct" ? fieldsOf(body, rename, "") : `\n${variantsOf(body, how).join("\n")}`;
      return `${comment(docs, "")}export type ${left} =${kind === "struct" ? " " : ""}${right};\n`;
    });
  }
  for (const [, docs, name, type] of text.matchAll(/((?:^ *\/\/\/.*\n)*)^ +(\w+)\((i32|i64|String)\);$/gm)) {
    const lines = [...docs.matchAll(/\/\/\/ ?(.*)$/gm)].map((one) => one[1]);
    found.set(name, () => `${comment(lines, "")}export type ${name} = ${typeOf(type)};\n`);
  }
  return found;
}

const known = new Map();
const files = readdirSync(new URL("events/", wire))
  .sort()
  .map((name) => `events/${name}`);
for (const file of [...files, "ids.rs", "role.rs", "error_code.rs"]) {
  for (const [name, write] of declarations(read(file))) {
    if (known.has(name)) throw new Error(`two types are called ${name}: ${known.get(name).file} and ${file}`);
    known.set(name, { file, write });
  }
}

const written = new Map();
const write = (name) => {
  if (written.has(name)) return;
  const type = known.get(name);
  if (!type) throw new Error(`no type ${name} in crates/wire`);
  written.set(name, "");
  needed.clear();
  written.set(name, type.write());
  for (const one of [...needed]) write(one);
};
write("Event");
const [event, ...others] = [...written].map(([, text]) => text);
const text = `// Written by \`npm run api\` from crates/wire. Do not edit.\n\n${event}\n${others.join("\n")}`;

if (!process.argv.includes("--check")) writeFileSync(out, text);
else if (readFileSync(out, "utf8") !== text) {
  console.error(`${fileURLToPath(out)} is not what crates/wire says: npm run api`);
  process.exit(1);
}
