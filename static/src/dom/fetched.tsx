// What is fetched when it is first looked at: until it is there, and when it does not come.

import { useEffect, useState } from "preact/hooks";
import { reasonOf } from "../app/feedback";
import { t } from "../i18n";
import { Skeleton } from "./ui";

interface FailureProps {
  reason: string;
  again(): void;
}

/** Stands where something could not be loaded. */
export function Failure({ reason, again }: FailureProps) {
  return (
    <div class="empty" role="alert">
      <h2>{t("load.failed")}</h2>
      <p>{reason}</p>
      <button type="button" class="button" onClick={again}>
        {t("load.again")}
      </button>
    </div>
  );
}

export interface Fetched<T> {
  /** The latest that came. */
  value: T | undefined;
  error: string;
  again(): void;
}

/** Fetches at once, and anew whenever one of `causes` is another. */
export function useFetched<T>(fetch: () => Promise<T>, causes: readonly unknown[] = []): Fetched<T> {
  const [value, setValue] = useState<T>();
  const [error, setError] = useState("");
  const again = () => {
    setError("");
    fetch().then(setValue, (problem: unknown) => setError(reasonOf(problem)));
  };
  useEffect(again, causes);
  return { value, error, again };
}

/** Stands in for what is not there yet. */
export function Waiting({ of: { error, again }, rows }: { of: Fetched<unknown>; rows: number }) {
  return error ? <Failure reason={error} again={again} /> : <Skeleton rows={rows} />;
}
