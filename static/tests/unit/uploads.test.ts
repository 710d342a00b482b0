import { expect, test } from "vitest";
import * as data from "../../src/uploads/data";

test("a placeholder stands on a line of its own and goes with it", () => {
  const mark = "[Uploading a.png …](#upload-1)";
  expect(data.insertBlock("", 0, mark)).toEqual({ text: `${mark}\n`, end: mark.length + 1 });
  expect(data.insertBlock("one\ntwo", 3, mark).text).toBe(`one\n${mark}\ntwo`);
  expect(data.insertBlock("onetwo", 3, mark).text).toBe(`one\n${mark}\ntwo`);
  expect(data.removeBlock(`one\n${mark}\ntwo`, mark)).toBe("one\ntwo");
  expect(data.removeBlock(`one ${mark} two`, mark)).toBe("one  two");
  expect(data.removeBlock("one", mark)).toBe("one");
});

test("names do not end their brackets", () => {
  expect(data.linkText("a[1].png")).toBe("a1.png");
  expect(data.linkText("[]")).toBe("file");
});

test("progress and sizes", () => {
  const upload: data.Upload = { id: 1, name: "a", size: 200, sent: 50, state: "running" };
  expect(data.percent(upload)).toBe(25);
  expect(data.percent({ ...upload, sent: 900 })).toBe(100);
  expect(data.percent({ ...upload, size: 0 })).toBe(100);
  expect(data.sizeLabel(4_230_000, "en")).toBe("4.2 MB");
  expect(data.sizeLabel(999, "en")).toBe("999 byte");
});
