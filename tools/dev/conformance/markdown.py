"""What somebody may have typed for a message, from the HTML that it became."""

import html.parser
import re

VOID = ("br", "hr", "img", "input")
MARKS = {"strong": "**", "em": "*", "del": "~~"}
# Stand for what an element further out decides.
TEX, ITEM = "\ue000", "\ue001"


class ToMarkdown(html.parser.HTMLParser):
    """Element by element, from the inside: each becomes what may have been typed for it."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        # What is open: tag, attributes, and where in the parts it begins.
        self.open: list[tuple[str, dict, int]] = []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "img" and "emoji" in (values.get("class") or ""):
            self.parts.append(values.get("alt") or "")
        elif tag == "hr":
            self.parts.append("\n---\n")
        elif tag not in VOID:
            self.open.append((tag, values, len(self.parts)))

    def handle_endtag(self, tag):
        if tag in VOID or not self.open:
            return
        name, values, at = self.open.pop()
        text = "".join(self.parts[at:])
        self.parts[at:] = [typed(name, values, text, self.open[-1][0] if self.open else "")]

    def handle_data(self, data):
        if not (data.isspace() and self.open and self.open[-1][0] in ("ul", "ol", "table", "thead", "tbody", "tr")):
            self.parts.append(data)


def typed(tag: str, values: dict, text: str, parent: str) -> str:
    """What may have been typed for an element that holds a text; within a tag."""
    kind = values.get("class") or ""
    if tag == "div":
        return block(kind, values, text)
    if tag == "span":
        return mention(kind, values, text)
    if tag == "annotation":
        return f"{TEX}{text}{TEX}"
    if tag in MARKS:
        return f"{MARKS[tag]}{text}{MARKS[tag]}"
    if tag == "code":
        return text if parent == "pre" else f"`{text}`"
    if tag == "a":
        return link(kind, values.get("href") or "", text)
    if tag == "blockquote":
        return f"\n```quote\n{text.strip()}\n```\n"
    if tag == "li":
        return f"\n{ITEM}" + text.strip().replace("\n", "\n  ")
    if tag in ("ul", "ol"):
        return text.replace(ITEM, "* " if tag == "ul" else "1. ")
    if tag == "time":
        return f"<time:{values.get('datetime')}>"
    if re.fullmatch("h[1-6]", tag):
        return f"\n{'#' * int(tag[1])} {text}\n"
    return f"{text}\n" if tag == "p" else text


def block(kind: str, values: dict, text: str) -> str:
    """Code and spoilers; what is shown of links was not typed."""
    if "message_inline" in kind or "message_embed" in kind:
        return ""
    if "codehilite" in kind:
        language = (values.get("data-code-language") or "").lower()
        return f"\n```{language}\n{text}```\n"
    if kind == "spoiler-header":
        return f"\n```spoiler {text.strip()}\n"
    if kind == "spoiler-content":
        return f"{text.strip()}\n```\n"
    return text


def mention(kind: str, values: dict, text: str) -> str:
    """People, groups and formulas."""
    silent = "_" if "silent" in kind else ""
    name = text.removeprefix("@")
    if "user-mention" in kind:
        number = values.get("data-user-id") or "*"
        return f"@{silent}**{name}**" if number == "*" else f"@{silent}**{name}|{number}**"
    if "user-group-mention" in kind:
        return f"@{silent}*{name}*"
    if "topic-mention" in kind:
        return f"@{silent}**{name}**"
    if kind == "katex":
        return "$$" + text.split(TEX)[1] + "$$" if TEX in text else text
    if kind == "katex-display":
        return f"\n```math\n{text.strip('$')}\n```\n"
    return text


def link(kind: str, href: str, text: str) -> str:
    """Links whose text is their URL are written as such."""
    if "stream" in kind:
        return "#**" + text.removeprefix("#").replace(" > ", ">", 1) + "**"
    return href if text == href else f"[{text}]({href})"


def markdown_of(message: dict) -> str:
    """What somebody may have typed for this message."""
    if "raw" in message:
        return message["raw"]
    if "html" not in message:
        return "Nothing is known of this message."
    parser = ToMarkdown()
    parser.feed(message["html"])
    return re.sub(r"\n{3,}", "\n\n", "".join(parser.parts)).strip()
