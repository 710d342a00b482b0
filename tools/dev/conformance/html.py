"""HTML as a tree: whether two texts say the same."""

import html.parser

VOID = ("br", "hr", "img", "input", "source")


class Reader(html.parser.HTMLParser):
    """Reads into nested lists: [tag, attributes, children…] and texts."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open: list[list] = [["", {}]]

    def handle_starttag(self, tag, attributes):
        element = [tag, dict(attributes)]
        self.open[-1].append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.open[-1].append([tag, dict(attributes)])

    def handle_endtag(self, tag):
        if len(self.open) > 1 and self.open[-1][0] == tag:
            self.open.pop()
        else:
            self.open[-1].append(f"</{tag}>")

    def handle_data(self, data):
        last = self.open[-1]
        if len(last) > 2 and isinstance(last[-1], str):
            last[-1] += data
        else:
            last.append(data)


def tree(text: str) -> list:
    """The order of attributes and how characters are escaped do not count; all else does, what is left open too."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    return [reader.open[0], len(reader.open)]
