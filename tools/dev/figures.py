"""Figures, each with the command that gave it, as a table in a document."""

import dataclasses
import os
import platform
import re
import string
import time
from pathlib import Path

BEGIN, END = "<!-- figures: written by tools/bench -->", "<!-- end of figures -->"


@dataclasses.dataclass(frozen=True)
class Row:
    """A line of the table. `failed` says why the figure cannot be trusted."""

    what: str
    figure: str
    command: str = ""
    failed: str | None = None


@dataclasses.dataclass(frozen=True)
class Load:
    """What `narrows loadtest --json` printed last: the medians over its runs."""

    command: str
    values: dict
    error: str | None

    def row(self, what: str, text: str) -> Row:
        """A line with some of the values: `{p50_ms} ms`."""
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name]
        shown = text.format(**{name: number(self.values.get(name)) for name in names})
        return Row(what, shown, self.command, self.error)


def number(value: float | None) -> str:
    """A number as people read it; a dash for one that is not known."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def as_markdown(rows: list[Row]) -> str:
    """The table."""
    lines = ["| what | figure | command |", "|---|---|---|"]
    for row in rows:
        figure = f"{row.figure} — **failed**: {row.failed}" if row.failed else row.figure
        command = f"`{row.command}`" if row.command else "`tools/bench`"
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in (row.what, figure, command)) + " |")
    return "\n".join(lines)


def write(document: Path, rows: list[Row]) -> None:
    """Replace what is between the markers."""
    text = document.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"{document} has no markers for the figures")
    measured = f"Measured on {time.strftime('%Y-%m-%d')}: {machine()}."
    table = f"{BEGIN}\n{measured}\n\n{as_markdown(rows)}\n{END}"
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    document.write_text(before + table + after, encoding="utf-8")


def machine() -> str:
    """What it was measured on."""
    cpu = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    name = cpu.group(1) if cpu else platform.machine()
    return f"{os.cpu_count()} cores ({name}), {memory:.0f} GB, load client and services on the same machine"
