// Texts that are kept to be used again.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { createSnippet, deleteSnippet, getSnippets, updateSnippet } from "../api/account";
import type { SavedSnippet } from "../api/generated";
import { signalError, withUndo } from "../app/feedback";
import { popover } from "../app/overlays";
import { useSubmit } from "../dom/forms";
import { IconButton } from "../dom/ui";
import { t } from "../i18n";

const MAX_TITLE = 60;

interface Props {
  /** What is written now: it can be kept. */
  text: string;
  insert(text: string): void;
}

function Keep({ text, kept }: { text: string; kept(): void }) {
  const [title, setTitle] = useState("");
  const submit = useSubmit(async () => {
    try {
      await createSnippet(title.trim(), text);
      setTitle("");
      kept();
    } catch (error) {
      signalError(error);
    }
  });
  return (
    <form class="snippet-keep" {...submit}>
      <input
        required
        maxLength={MAX_TITLE}
        aria-label={t("snippets.title")}
        placeholder={t("snippets.title")}
        value={title}
        onInput={(event) => setTitle(event.currentTarget.value)}
      />
      <button type="submit" class="button">
        {t("snippets.keep")}
      </button>
    </form>
  );
}

/** Another title, another text. */
function Change({ snippet, changed }: { snippet: SavedSnippet; changed(): void }) {
  const [title, setTitle] = useState(snippet.title);
  const [content, setContent] = useState(snippet.content);
  const submit = useSubmit(async () => {
    try {
      await updateSnippet(snippet.id, title.trim(), content);
      changed();
    } catch (error) {
      signalError(error);
    }
  });
  return (
    <form class="form snippet-change" {...submit}>
      <input
        required
        maxLength={MAX_TITLE}
        aria-label={t("snippets.title")}
        value={title}
        onInput={(event) => setTitle(event.currentTarget.value)}
      />
      <textarea
        required
        rows={4}
        aria-label={t("snippets.text")}
        value={content}
        onInput={(event) => setContent(event.currentTarget.value)}
      />
      <button type="submit" class="button">
        {t("edit.save")}
      </button>
    </form>
  );
}

function Snippets({ saved, text, insert }: Props & { saved: readonly SavedSnippet[] }) {
  const [all, setAll] = useState(saved);
  const [editing, setEditing] = useState<number>();
  const ref = useRef<HTMLDivElement>(null);
  const load = () => {
    getSnippets().then(({ saved_snippets }) => setAll(saved_snippets), signalError);
  };
  useEffect(() => ref.current?.querySelector<HTMLElement>("li button, input")?.focus(), [all]);
  const use = (snippet: SavedSnippet) => {
    popover.value = undefined;
    insert(snippet.content);
  };
  const remove = async ({ id, title, content }: SavedSnippet) => {
    const back = () => createSnippet(title, content).then(load);
    await withUndo(() => deleteSnippet(id).then(load), t("entries.removed", { name: title }), back);
  };
  return (
    <div ref={ref} class="snippets">
      {all.length === 0 && <p>{t("snippets.none")}</p>}
      <ul>
        {all.map((one) => (
          <li key={one.id}>
            <button type="button" class="snippet" onClick={() => use(one)}>
              <strong>{one.title}</strong>
              <small>{one.content}</small>
            </button>
            <IconButton
              icon="edit"
              label={t("snippets.edit", { title: one.title })}
              onClick={() => setEditing(editing === one.id ? undefined : one.id)}
            />
            <IconButton
              icon="trash"
              label={t("snippets.remove", { title: one.title })}
              onClick={() => void remove(one)}
            />
            {editing === one.id && (
              <Change
                snippet={one}
                changed={() => {
                  setEditing(undefined);
                  load();
                }}
              />
            )}
          </li>
        ))}
      </ul>
      {text.trim() !== "" && <Keep text={text} kept={load} />}
    </div>
  );
}

/** What draws the panel, once it is known what is in it: its place depends on its size. */
export async function snippetPanel(props: Props): Promise<() => ComponentChildren> {
  const { saved_snippets } = await getSnippets();
  return () => <Snippets {...props} saved={saved_snippets} />;
}
