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
class Budget:
    """What a value must not exceed, or not fall below."""

    name: str
    value: float
    unit: str = "ms"
    at_least: bool = False

    def shown(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.value:,g} {self.unit}"

    def share(self, value: float) -> float:
        """How much of the budget is used; above 1 it is missed."""
        return self.value / value if self.at_least else value / self.value


@dataclasses.dataclass(frozen=True)
class Row:
    """A line of the table. `failed` says why the figure cannot be trusted."""

    what: str
    figure: str
    command: str = ""
    failed: str | None = None
    budgets: tuple[tuple[Budget, float], ...] = ()

    def budget(self) -> str:
        return "; ".join(budget.shown() for budget, _ in self.budgets)

    def shares(self) -> str:
        return "; ".join(f"{budget.share(value):.2f}" for budget, value in self.budgets)

    def missed(self) -> bool:
        return any(budget.share(value) > 1 for budget, value in self.budgets)


@dataclasses.dataclass(frozen=True)
class Load:
    """What `narrows loadtest --json` printed last: the medians over its runs."""

    command: str
    values: dict
    error: str | None

    def row(self, what: str, text: str, *budgets: Budget) -> Row:
        """A line with some of the values: `{p50_ms} ms`."""
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name]
        shown = text.format(**{name: number(self.values.get(name)) for name in names})
        held = tuple((budget, self.values[budget.name]) for budget in budgets if self.values.get(budget.name))
        return Row(what, shown, self.command, self.error, held)


def number(value: float | None) -> str:
    """A number as people read it; a dash for one that is not known."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def as_markdown(rows: list[Row]) -> str:
    """The table."""
    lines = ["| what | figure | budget | share | command |", "|---|---|---|---|---|"]
    for row in rows:
        figure = f"{row.figure} — **failed**: {row.failed}" if row.failed else row.figure
        share = f"**{row.shares()}**" if row.missed() else row.shares()
        command = f"`{row.command}`" if row.command else "`tools/bench`"
        cells = (row.what, figure, row.budget(), share, command)
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(lines)


def write(document: Path, rows: list[Row], runs: int, load_before: float) -> None:
    """Replace what is between the markers."""
    text = document.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"{document} has no markers for the figures")
    measured = f"Measured on {time.strftime('%Y-%m-%d')}: {machine()}."
    measured += f" Runs of each load: {runs}. Load average before it: {load_before:.1f}."
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
