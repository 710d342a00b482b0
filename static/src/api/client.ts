// One way to the server: parameters in, the parsed answer or an ApiError out.

import { signal } from "@preact/signals";

/** A request that the server refused, or that did not reach it (`status` 0). */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly status: number,
    readonly body: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export type Method = "GET" | "POST" | "PATCH" | "DELETE" | "PUT";
export type Params = Record<string, unknown>;

/** Encodes parameters as the API wants them: strings bare, everything else as JSON, `undefined` left out. */
export function encodeParams(params: Params): URLSearchParams {
  const encoded = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) encoded.set(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  return encoded;
}

/** The token that requests with a session must show. */
export function csrfToken(): string {
  const found = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie);
  return found?.[1] ? decodeURIComponent(found[1]) : "";
}

async function parse(response: Response): Promise<Record<string, unknown>> {
  try {
    return (await response.json()) as Record<string, unknown>;
  } catch {
    throw new ApiError(response.statusText || "No answer", "INVALID_ANSWER", response.status);
  }
}

/** How many requests wait because the server has had too many: the reader is told why nothing comes. */
export const heldBack = signal(0);

function wait(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

async function send(method: Method, path: string, body: URLSearchParams | FormData | null, signal?: AbortSignal) {
  const inUrl = method === "GET" && body instanceof URLSearchParams;
  const url = `/json${path}${inUrl && body.size > 0 ? `?${body}` : ""}`;
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  try {
    return await fetch(url, {
      method,
      headers,
      body: inUrl ? null : body,
      credentials: "same-origin",
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError("The server cannot be reached", "NETWORK", 0);
  }
}

/** Sends one request. A rate limit is waited for once; everything else that fails is thrown. */
export async function request<T>(method: Method, path: string, params: Params | FormData = {}, signal?: AbortSignal) {
  const body = params instanceof FormData ? params : encodeParams(params);
  let response = await send(method, path, body, signal);
  if (response.status === 429) {
    const answer = await parse(response);
    const seconds = Number(answer["retry-after"] ?? response.headers.get("retry-after") ?? 1);
    if (seconds > 15) throw new ApiError(String(answer.msg), "RATE_LIMIT_HIT", 429, answer);
    heldBack.value += 1;
    await wait(seconds, signal).finally(() => {
      heldBack.value -= 1;
    });
    response = await send(method, path, body, signal);
  }
  const answer = await parse(response);
  if (!response.ok || answer.result === "error") {
    throw new ApiError(String(answer.msg ?? ""), String(answer.code ?? "UNKNOWN"), response.status, answer);
  }
  return answer as T;
}
