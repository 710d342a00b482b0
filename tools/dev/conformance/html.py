"""HTML as it is compared: byte for byte, but for the order of attributes."""

import re

START = re.compile(r"<([a-zA-Z][\w:-]*)((?:\s+[^\s\"'<>/=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)+)(\s*/?>)")
ATTRIBUTE = re.compile(r"[^\s\"'<>/=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?")


def normal(text: str) -> str:
    """The text with the attributes of every tag in the order of their names."""
    return START.sub(lambda tag: f"<{tag[1]} {' '.join(sorted(ATTRIBUTE.findall(tag[2])))}{tag[3]}", text)
