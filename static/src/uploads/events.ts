// Uploading: a placeholder stands in the text until the link is known.

import { signal } from "@preact/signals";
import { ApiError } from "../api/client";
import { uploadFile } from "../api/upload";
import { notify, reasonOf } from "../app/feedback";
import { realm } from "../app/state";
import { language, t } from "../i18n";
import { change, insertBlock, linkText, removeBlock, sizeLabel, type Upload, type Uploads, without } from "./data";

/** The text that the files go into. It is read anew each time: people go on writing meanwhile. */
export interface Sink {
  read(): string;
  write(text: string): void;
  /** Where the caret is. */
  caret(): number;
}

interface Job {
  controller: AbortController;
  file: File;
  sink: Sink;
  placeholder: string;
}

const MEGABYTE = 1024 * 1024;

export const uploads = signal<Uploads>([]);
const jobs = new Map<number, Job>();
let nextId = 1;

function forget(id: number): void {
  jobs.delete(id);
  uploads.value = without(uploads.peek(), id);
}

async function run(id: number, job: Job): Promise<void> {
  const { file, sink, placeholder, controller } = job;
  const onProgress = (sent: number) => {
    uploads.value = change(uploads.peek(), id, { sent });
  };
  try {
    const { url } = await uploadFile(file, onProgress, controller.signal);
    sink.write(sink.read().replace(placeholder, () => `[${linkText(file.name)}](${url})`));
    forget(id);
  } catch (error) {
    if (controller.signal.aborted) return;
    if (!(error instanceof ApiError)) throw error;
    const reason = reasonOf(error);
    uploads.value = change(uploads.peek(), id, { state: "failed", error: reason });
  }
}

/** Starts uploading files, each at once. Their placeholders come in at the caret, one below the other. */
export function upload(files: Iterable<File>, sink: Sink): void {
  const limit = realm.peek().maxUploadMegabytes * MEGABYTE;
  for (const file of files) {
    if (file.size > limit) {
      notify(t("upload.tooLarge", { name: file.name, limit: sizeLabel(limit, language.peek()) }), "error");
      continue;
    }
    const id = nextId++;
    const placeholder = `[${t("compose.uploading", { name: linkText(file.name) })}](#upload-${id})`;
    sink.write(insertBlock(sink.read(), sink.caret(), placeholder).text);
    const job = { controller: new AbortController(), file, sink, placeholder };
    jobs.set(id, job);
    const entry: Upload = { id, name: file.name, size: file.size, sent: 0, state: "running" };
    uploads.value = [...uploads.peek(), entry];
    void run(id, job);
  }
}

/** Stops an upload, or puts away one that failed; its placeholder goes. */
export function cancelUpload(id: number): void {
  const job = jobs.get(id);
  if (!job) return;
  job.controller.abort();
  job.sink.write(removeBlock(job.sink.read(), job.placeholder));
  forget(id);
}

export function retryUpload(id: number): void {
  const job = jobs.get(id);
  if (!job) return;
  uploads.value = change(uploads.peek(), id, { state: "running", sent: 0 });
  void run(id, job);
}

/** Whether a text still waits for files. */
export function isWaitingForFiles(text: string): boolean {
  return [...jobs.values()].some((job) => text.includes(job.placeholder));
}
