// Uploading a file: the one request that tells how far it is.

import { ApiError, csrfToken } from "./client";

interface UploadAnswer {
  result: string;
  msg?: string;
  code?: string;
  uri?: string;
  url?: string;
  filename?: string;
}

/** Sends a file. `onProgress` gets the bytes that have left; aborting the signal rejects with its reason. */
export function uploadFile(
  file: File,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<{ url: string; name: string }> {
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    const fail = (message: string, code: string) => reject(new ApiError(message, code, request.status));
    request.upload.addEventListener("progress", (event) => onProgress(Math.min(event.loaded, file.size)));
    request.addEventListener("error", () => fail("The server cannot be reached", "NETWORK"));
    request.addEventListener("load", () => {
      const answer = request.response as UploadAnswer | null;
      const url = answer?.url ?? answer?.uri;
      if (request.status === 200 && url) resolve({ url, name: answer?.filename ?? file.name });
      else fail(answer?.msg ?? request.statusText, answer?.code ?? "UNKNOWN");
    });
    signal.addEventListener("abort", () => {
      request.abort();
      reject(signal.reason);
    });
    const form = new FormData();
    form.set("file", file, file.name);
    request.open("POST", "/json/user_uploads");
    request.responseType = "json";
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.send(form);
  });
}
