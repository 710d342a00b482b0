"""How many tests passed and failed, read from what each runner prints."""

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Count:
    """Tests that passed and failed."""

    passed: int
    failed: int

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed"

    def judged(self, status: int) -> "Count":
        """A runner that failed without naming a test, or that ran none, counts as one failure."""
        silent = self.failed == 0 and (status != 0 or self.passed == 0)
        return dataclasses.replace(self, failed=1) if silent else self


def plain(text: str) -> str:
    """Text without colours."""
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text)


def total(pattern: str, text: str) -> int:
    """The sum of a number over all places where it is printed."""
    return sum(int(found) for found in re.findall(pattern, text, re.MULTILINE))


# How runners name a test that failed: nextest, cargo test, node's TAP, vitest.
FAILED = (
    r"^\s+(?:FAIL|TIMEOUT|ABORT|SIG\w+) \[[^\]]*\] (?:\([^)]*\) )?(\S.*)$",
    r"^test (\S+) \.\.\. FAILED$",
    r"^\s*not ok \d+ - (.+)$",
    r"^\s*FAIL  (\S.*)$",
)


def failed_tests(text: str) -> list[str]:
    """The names of the tests that failed, each once."""
    names = [name for pattern in FAILED for name in re.findall(pattern, text, re.MULTILINE)]
    return list(dict.fromkeys(names))


def nextest(text: str) -> Count:
    """`Summary [1.2s] 12 tests run: 9 passed (1 flaky), 2 failed, 1 timed out, 3 skipped`."""
    summary = "\n".join(line for line in text.splitlines() if re.match(r"\s*Summary \[", line))
    return Count(total(r"(\d+) passed", summary), total(r"(\d+) (?:failed|timed out|exec failed)", summary))


def cargo_test(text: str) -> Count:
    """`test result: ok. 5 passed; 0 failed; …`, once a binary."""
    return Count(total(r"^test result: .*?(\d+) passed;", text), total(r"^test result: .*?(\d+) failed;", text))


def vitest(text: str) -> Count:
    """`Tests  2 failed | 5 passed (7)`."""
    summary = "\n".join(line for line in text.splitlines() if re.match(r"\s*Tests\s+\d", line))
    return Count(total(r"(\d+) passed", summary), total(r"(\d+) failed", summary))


def node_test(text: str) -> Count:
    """`# pass 5` or `ℹ pass 5`, by reporter; a cancelled test has not passed."""
    return Count(total(r"^\S+ pass (\d+)$", text), total(r"^\S+ (?:fail|cancelled) (\d+)$", text))


def recordings(text: str) -> Count:
    """`events: matched 5 of 7`, once a kind."""
    return Count(total(r"^\w+: matched (\d+) of", text), total(r"^\w+: matched \d+ of (\d+)$", text) - total(r"^\w+: matched (\d+) of", text))


def own(text: str) -> Count:
    """`5 passed, 0 failed`, as our own runners end."""
    found = re.findall(r"^(\d+) passed, (\d+) failed$", text, re.MULTILINE)
    return Count(int(found[-1][0]), int(found[-1][1])) if found else Count(0, 0)
