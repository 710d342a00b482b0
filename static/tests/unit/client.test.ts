import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError, heldBack, request } from "../../src/api/client";
import { reasonOf, toasts, withUndo } from "../../src/app/feedback";

const answer = (status: number, body: unknown) =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
const tooMany = (seconds: number) => answer(429, { result: "error", msg: "slow down", "retry-after": seconds });

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  toasts.value = [];
});

test("while the server wants a pause it can be said why nothing comes", async () => {
  vi.stubGlobal(
    "fetch",
    vi
      .fn()
      .mockResolvedValueOnce(tooMany(3))
      .mockResolvedValueOnce(answer(200, { found: 1 })),
  );
  const asked = request("GET", "/messages");
  await vi.advanceTimersByTimeAsync(2900);
  expect(heldBack.value).toBe(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(await asked).toEqual({ found: 1 });
  expect(heldBack.value).toBe(0);
});

test("a request that is given up does not wait any more", async () => {
  vi.stubGlobal("fetch", vi.fn().mockResolvedValueOnce(tooMany(3)));
  const given = new AbortController();
  const asked = request("GET", "/messages", {}, given.signal).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(100);
  given.abort("enough");
  expect(await asked).toBe("enough");
  expect(heldBack.value).toBe(0);
});

test("what cannot be read is told in the reader's words, not in those of the line", async () => {
  vi.stubGlobal("fetch", vi.fn().mockResolvedValueOnce(answer(502, "<html>")).mockRejectedValueOnce(new TypeError()));
  const reasons = [];
  for (const path of ["/one", "/two"]) reasons.push(reasonOf(await request("GET", path).catch((error) => error)));
  expect(reasons).toEqual(["The server did not answer as it should.", "The server cannot be reached."]);
});

test("what is done can be undone; what is refused is not said to be done", async () => {
  const undo = vi.fn(async () => undefined);
  await withUndo(async () => undefined, "Gone", undo);
  expect(toasts.value).toMatchObject([{ text: "Gone", kind: "info", action: { label: "Undo" } }]);
  toasts.value[0]?.action?.run();
  expect(undo).toHaveBeenCalledOnce();
  toasts.value = [];
  await withUndo(() => Promise.reject(new ApiError("Not yours", "BAD_REQUEST", 400)), "Gone", undo);
  expect(toasts.value).toMatchObject([{ text: "Not yours", kind: "error" }]);
});
