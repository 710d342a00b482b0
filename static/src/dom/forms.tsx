// Forms that are saved as a whole, and their fields.

import type { ComponentChildren, InputHTMLAttributes } from "preact";
import { useRef, useState } from "preact/hooks";
import { notify, reasonOf } from "../app/feedback";
import { t } from "../i18n";

export function FormError({ text }: { text: string }) {
  if (!text) return null;
  return (
    <p class="form-error" role="alert">
      {text}
    </p>
  );
}

interface FormProps {
  /** Fails with what there is against it, which is shown. */
  save(): Promise<unknown>;
  /** What the button says, if not that it saves. */
  act?: string;
  /** Said once it is saved, where nothing else on the screen says so. */
  done?: string;
  title?: string;
  /** One of several forms on a page, and not the one that people come for. */
  minor?: boolean;
  unchanged?: boolean;
  /** Stands before the button. */
  beside?: ComponentChildren;
  children: ComponentChildren;
}

/** What a form does when it is sent: once, however often its button is pressed before the answer is there. `save`
 * tells the reader itself what there is against it. */
export function useSubmit(save: () => Promise<unknown>): { onSubmit(event: Event): void; "aria-busy": boolean } {
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (running.current) return;
    running.current = true;
    setBusy(true);
    void save().finally(() => {
      running.current = false;
      setBusy(false);
    });
  };
  return { onSubmit, "aria-busy": busy };
}

export function SavedForm(props: FormProps) {
  const [error, setError] = useState("");
  const submit = useSubmit(async () => {
    try {
      setError("");
      await props.save();
      if (props.done) notify(props.done);
    } catch (problem) {
      setError(reasonOf(problem));
    }
  });
  return (
    <form class="form" {...submit}>
      {props.title && <h3>{props.title}</h3>}
      <FormError text={error} />
      {props.children}
      <div class="form-buttons">
        {props.beside}
        <button type="submit" class={`button ${props.minor ? "" : "primary"}`} disabled={props.unchanged}>
          {props.act ?? t("edit.save")}
        </button>
      </div>
    </form>
  );
}

interface FieldProps {
  label: string;
  value: string;
  change(value: string): void;
  longest?: number;
  optional?: boolean;
}

interface LineProps extends FieldProps {
  type?: "email" | "password" | "text";
  autocomplete?: string;
  pattern?: string;
  hint?: string;
}

/** A field of one line. */
export function Line({ label, change, longest, optional, hint, ...input }: LineProps) {
  return (
    <label>
      {label}
      <input
        required={!optional}
        maxLength={longest}
        title={hint}
        spellcheck={!input.pattern}
        autocapitalize={input.pattern ? "off" : undefined}
        onInput={(event) => change(event.currentTarget.value)}
        {...(input as InputHTMLAttributes<HTMLInputElement>)}
      />
    </label>
  );
}

/** A field of some lines. */
export function Lines({ label, value, change, longest, optional }: FieldProps) {
  return (
    <label>
      {label}
      <textarea
        rows={3}
        required={!optional}
        maxLength={longest}
        value={value}
        onInput={(event) => change(event.currentTarget.value)}
      />
    </label>
  );
}
