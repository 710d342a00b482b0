"""What somebody may have typed for a message, from the HTML that it became."""

import html.parser
import re


class ToMarkdown(html.parser.HTMLParser):
    """Markdown that renders to the HTML of a simple message."""

    MARKS = {"strong": "**", "em": "*", "del": "~~", "code": "`"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0
        # How many lists are open.
        self.depth = 0
        # Within what somebody typed of a formula.
        self.formula = False
        self.quote = False
        self.href = ""

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        kind = values.get("class") or ""
        if tag == "div" and ("message_inline" in kind or "message_embed" in kind):
            self.hidden = 1
        elif self.hidden:
            self.hidden += tag not in ("br", "img")
            self.formula = tag == "annotation"
        elif tag == "span" and kind in ("katex", "katex-display"):
            self.hidden = 1
        elif tag == "span" and "emoji" in kind:
            self.parts.append("")
        elif tag in self.MARKS:
            self.parts.append(self.MARKS[tag])
        elif tag == "blockquote":
            self.parts.append("\n```quote\n")
        elif tag == "a":
            self.href = values.get("href") or ""
            self.parts.append("[")
        elif tag in ("ul", "ol"):
            self.depth += 1
        elif tag == "li":
            self.parts.append("\n" + "  " * (self.depth - 1) + "* ")

    def handle_endtag(self, tag):
        if self.hidden:
            self.hidden -= 1
            self.formula = False
        elif tag in self.MARKS:
            self.parts.append(self.MARKS[tag])
        elif tag == "blockquote":
            self.parts.append("\n```\n")
        elif tag == "a":
            self.end_link()
        elif tag in ("ul", "ol"):
            self.depth -= 1
        elif tag == "p":
            self.parts.append("\n")

    def end_link(self) -> None:
        """Links whose text is their URL are written as such."""
        at = len(self.parts) - 1 - self.parts[::-1].index("[")
        text = "".join(self.parts[at + 1 :])
        self.parts[at:] = [self.href if text == self.href else f"[{text}]({self.href})"]

    def handle_data(self, data):
        if self.formula:
            self.parts.append(f"$${data}$$")
        elif not self.hidden and not (self.depth and data.isspace()):
            self.parts.append(data)


def markdown_of(message: dict) -> str:
    """What somebody may have typed for this message."""
    if "raw" in message:
        return message["raw"]
    if "html" not in message:
        return "Nothing is known of this message."
    parser = ToMarkdown()
    parser.feed(message["html"])
    return re.sub(r"\n{3,}", "\n\n", "".join(parser.parts)).strip()
