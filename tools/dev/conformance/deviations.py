"""Where we differ on purpose; `deviations.toml` says why."""

import dataclasses
import fnmatch
import tomllib
from pathlib import Path

from dev.conformance.compare import Difference

FILE = Path(__file__).with_name("deviations.toml")


@dataclasses.dataclass
class Deviation:
    """Differences that are meant."""

    cases: str
    paths: list[str]
    reason: str

    def covers(self, case: str, difference: Difference, request: str = "") -> bool:
        """True when the difference is one of these: `cases` names the case, or what it requests."""
        return any(fnmatch.fnmatchcase(one, self.cases) for one in (case, request)) and any(
            fnmatch.fnmatchcase(difference.path, path.replace("[", "[[]")) for path in self.paths
        )


def load() -> list[Deviation]:
    """All of them."""
    kept = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return [Deviation(one.get("cases", "*"), one["paths"], one["reason"]) for one in kept.get("deviation", [])]
