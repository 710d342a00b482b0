// A text field that grows, completes what is written, and knows the formatting keys. Compose and edit share it.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { settings } from "../app/state";
import { Listbox } from "../dom/ui";
import { t } from "../i18n";
import type { Place } from "../messages/model";
import { continueList, type Format, formatted, link, type Selection } from "./format";
import { addressIn, markdownFrom } from "./paste";
import { type Choices, choicesAt } from "./typeahead";

export interface TextareaHandle {
  element: HTMLTextAreaElement;
  format(kind: Format): void;
  insert(text: string): void;
  /** Inserts what asks for choices, and shows them. */
  startTypeahead(text: string): void;
}

interface Props {
  value: string;
  label: string;
  placeholder?: string;
  place: Place | undefined;
  onChange(text: string): void;
  onSubmit(): void;
  onEscape(): void;
  onFiles?(files: File[]): void;
  onEmptyUp?(): void;
  handle?(handle: TextareaHandle): void;
}

/** The browser makes a field as high as its text. Measuring costs two layouts of the whole page for each key. */
const GROWS_ITSELF = CSS.supports("field-sizing", "content");

/** With Ctrl; those in capitals with Shift as well. */
const KEYS: Record<string, Format> = {
  b: "bold",
  i: "italic",
  L: "link",
  X: "strike",
  C: "code",
  Q: "quote",
  8: "list",
  "*": "list",
  7: "numbers",
  "&": "numbers",
};

function formatOf(event: KeyboardEvent): Format | undefined {
  const key = event.key.length === 1 && event.shiftKey ? event.key.toUpperCase() : event.key;
  return /\d/.test(key) && !event.shiftKey ? undefined : KEYS[key];
}

export function Textarea(props: Props) {
  const ref = useRef<HTMLTextAreaElement>(null);
  /** The text before the caret, while choices are wanted for it: they follow what is still on its way (emoji, topics). */
  const [before, setBefore] = useState<string | undefined>();
  const choices: Choices | undefined = before === undefined ? undefined : choicesAt(before, props.place);
  const [active, setActive] = useState(0);
  const caret = useRef<[number, number] | undefined>(undefined);
  /** Shift is down: what is pasted is meant as it reads. */
  const plainPaste = useRef(false);

  useLayoutEffect(() => {
    const area = ref.current;
    if (!area) return;
    if (!GROWS_ITSELF) {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight}px`;
    }
    if (caret.current) area.setSelectionRange(...caret.current);
    caret.current = undefined;
  }, [props.value]);

  const replace = (next: Selection) => {
    caret.current = [next.start, next.end];
    props.onChange(next.text);
    ref.current?.focus();
  };
  const selection = (): Selection => {
    const area = ref.current;
    return { text: area?.value ?? "", start: area?.selectionStart ?? 0, end: area?.selectionEnd ?? 0 };
  };
  const format = (kind: Format) => replace(formatted(selection(), kind));
  const insert = (text: string) => {
    const { text: all, start, end } = selection();
    const at = start + text.length;
    replace({ text: all.slice(0, start) + text + all.slice(end), start: at, end: at });
  };
  useLayoutEffect(() => {
    const startTypeahead = (text: string) => {
      insert(text);
      setTimeout(lookUp);
    };
    if (ref.current) props.handle?.({ element: ref.current, format, insert, startTypeahead });
  }, []);

  const complete = (index: number) => {
    const choice = choices?.items[index];
    if (!choices || !choice) return;
    const { text, end } = selection();
    const at = choices.from + choice.text.length;
    setBefore(undefined);
    replace({ text: text.slice(0, choices.from) + choice.text + text.slice(end), start: at, end: at });
  };

  const lookUp = () => {
    const area = ref.current;
    const at = area && area.selectionStart === area.selectionEnd ? area.selectionStart : undefined;
    setBefore(at === undefined ? undefined : area?.value.slice(0, at));
    setActive(0);
  };

  const onChoiceKey = (event: KeyboardEvent): boolean => {
    if (!choices) return false;
    const count = choices.items.length;
    if (event.key === "ArrowDown") setActive((active + 1) % count);
    else if (event.key === "ArrowUp") setActive((active + count - 1) % count);
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") complete(active);
    else if (event.key === "Escape") setBefore(undefined);
    else return false;
    return true;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    plainPaste.current = event.shiftKey;
    const control = event.ctrlKey || event.metaKey;
    const formatKey = control && !event.altKey ? formatOf(event) : undefined;
    const plainEnter = event.key === "Enter" && !event.shiftKey && !control && !event.altKey;
    const continued = event.key === "Enter" ? continueList(selection()) : undefined;
    if (onChoiceKey(event)) event.preventDefault();
    else if (formatKey) format(formatKey);
    else if ((plainEnter && settings.value.enter_sends) || (event.key === "Enter" && control)) props.onSubmit();
    else if (event.key === "Enter" && !control && continued) replace(continued);
    else if (event.key === "Escape") props.onEscape();
    else if (event.key === "ArrowLeft" && props.value === "" && props.onEmptyUp) props.onEmptyUp();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const onPaste = (event: ClipboardEvent) => {
    const data = event.clipboardData;
    const files = [...(data?.files ?? [])];
    const plain = data?.getData("text/plain") ?? "";
    const html = data?.getData("text/html") ?? "";
    const at = selection();
    const address = at.start === at.end ? undefined : addressIn(plain);
    // Spreadsheets bring a picture of the cells along: their text is what is meant.
    if (files.length > 0 && plain === "" && props.onFiles) props.onFiles(files);
    else if (address && !addressIn(at.text.slice(at.start, at.end))) replace(link(at, address));
    else if (html !== "" && !plainPaste.current) {
      const markdown = markdownFrom(html);
      if (markdown === undefined) return;
      insert(markdown);
    } else return;
    event.preventDefault();
  };

  return (
    <div class="textarea">
      {choices && (
        <Listbox
          id="typeahead"
          label={t("typeahead.label")}
          items={choices.items}
          active={active}
          keyOf={(choice) => choice.key}
          choose={complete}
        >
          {(choice) => (
            <>
              {choice.image && <img class="emoji" src={choice.image} alt="" />}
              {choice.glyph && (
                <span class="choice-glyph" style={choice.color ? { color: choice.color } : {}}>
                  {choice.glyph}
                </span>
              )}
              <span class="choice-label">{choice.label}</span>
              {choice.detail && <span class="choice-detail">{choice.detail}</span>}
            </>
          )}
        </Listbox>
      )}
      <textarea
        ref={ref}
        rows={1}
        dir="auto"
        value={props.value}
        aria-label={props.label}
        placeholder={props.placeholder}
        aria-autocomplete="list"
        aria-controls={choices ? "typeahead" : undefined}
        aria-activedescendant={choices ? `typeahead-${active}` : undefined}
        onInput={(event) => {
          props.onChange(event.currentTarget.value);
          lookUp();
        }}
        onKeyDown={onKeyDown}
        onClick={lookUp}
        onBlur={() => setBefore(undefined)}
        onPaste={onPaste}
      />
    </div>
  );
}
