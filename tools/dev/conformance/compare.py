"""Comparing what was recorded with what we answer.

What differs between any two runs is masked: times, random parts, keys. Everything else has to be there and equal;
fields that the recording does not have are welcome.
"""

import dataclasses
import re

from dev.conformance import html

HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?:[0-9a-f]{8}|[0-9a-f]{32})?(?![0-9a-f])")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
UPLOAD = re.compile(r"/user_uploads/(thumbnail/)?(\d+)/[\w-]{1,4}/[\w-]{8,}/")
VERSION = re.compile(r"(?<=[?&])version=\d+")
TIME_NAME = re.compile(r"(^|_)(timestamp|time|timestamps|at|created|joined|updated)($|_)|^last_updated$|^date_created$|^date_sent$|_date_created$|^date_joined$|server_generation|^timestamp")
ISO_TIME = re.compile(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
# Random by nature.
OPAQUE = re.compile(r"(^|_)(queue_id|api_key|token|csrf|path_id|invite_link|link_url|server_generation)$")
# Sets that are sent as lists.
SETS = {"subscribers", "partial_subscribers", "members", "direct_subgroup_ids", "user_ids", "message_ids", "messages", "unread_message_ids", "stream_ids", "sections", "alert_words"}
# What names an element of a list of objects.
NAMES = ("id", "user_id", "stream_id", "email", "name", "topic", "topic_name", "domain", "word")
# Lists of objects whose order means something.
ORDERED = {"messages", "topics", "message_history", "custom_profile_fields", "custom_fields", "realm_linkifiers", "linkifiers", "events"}


@dataclasses.dataclass
class Difference:
    """Something that is not as recorded."""

    path: str
    expected: object
    got: object

    def __str__(self) -> str:
        return f"{self.path}: expected {shown(self.expected)}, got {shown(self.got)}"


class Missing:
    """What is shown for a field that is not there."""

    def __repr__(self) -> str:
        return "nothing"


MISSING = Missing()


class Comparison:
    """Compares within one world: an id of theirs always stands for the same id of ours."""

    def __init__(self):
        self.ids: dict[tuple[str, object], object] = {}
        # Random parts of theirs → ours, for requests that quote an earlier answer.
        self.learned: dict[str, str] = {}

    def diff(self, expected, got, path: str = "", name: str = "") -> list[Difference]:
        """Every difference, depth first."""
        if isinstance(expected, dict) and isinstance(got, dict):
            return self.objects(expected, got, path)
        if isinstance(expected, list) and isinstance(got, list):
            return self.lists(expected, got, path, name)
        if self.same(expected, got, name):
            return []
        return [Difference(path or ".", expected, got)]

    def objects(self, expected: dict, got: dict, path: str) -> list[Difference]:
        """Field by field; more fields than expected are fine."""
        found = []
        for key, value in expected.items():
            inner = f"{path}.{key}" if path else key
            if key not in got:
                found.append(Difference(inner, value, MISSING))
            else:
                found += self.diff(value, got[key], inner, key)
        return found

    def lists(self, expected: list, got: list, path: str, name: str) -> list[Difference]:
        """Sets as sets, named objects by name, the rest by position."""
        if name in SETS and all(isinstance(one, (int, str)) for one in expected + got):
            same = sorted(map(str, expected)) == sorted(map(str, got))
            return [] if same else [Difference(path, sorted(expected, key=str), sorted(got, key=str))]
        key = naming(expected, got)
        if key is None:
            return self.by_position(expected, got, path, name)
        found = []
        ours = {one[key]: one for one in got}
        for one in expected:
            if one[key] in ours:
                found += self.diff(one, ours[one[key]], f"{path}[{key}={one[key]}]")
            else:
                found.append(Difference(f"{path}[{key}={one[key]}]", one, MISSING))
        theirs = [one[key] for one in expected]
        found += [Difference(f"{path}[{key}={other}]", MISSING, ours[other]) for other in ours if other not in theirs]
        order = [one[key] for one in got if one[key] in theirs]
        if name in ORDERED and order != [one for one in theirs if one in ours]:
            found.append(Difference(f"{path}(order)", theirs, order))
        return found

    def by_position(self, expected: list, got: list, path: str, name: str) -> list[Difference]:
        """Element by element."""
        found = []
        for at, (one, other) in enumerate(zip(expected, got)):
            found += self.diff(one, other, f"{path}[{at}]", name)
        for at in range(len(got), len(expected)):
            found.append(Difference(f"{path}[{at}]", expected[at], MISSING))
        for at in range(len(expected), len(got)):
            found.append(Difference(f"{path}[{at}]", MISSING, got[at]))
        return found

    def same(self, expected, got, name: str) -> bool:
        """Equal, apart from what is masked."""
        if isinstance(expected, bool) or isinstance(got, bool) or expected is None or got is None:
            return expected is got
        if isinstance(expected, (int, float)) and isinstance(got, (int, float)):
            return self.same_number(expected, got, name)
        if isinstance(expected, str) and isinstance(got, str):
            return self.same_text(expected, got, name)
        return type(expected) is type(got) and expected == got

    def same_number(self, expected, got, name: str) -> bool:
        """Times are any times of the same type; recipients are named by the server."""
        if is_time(expected, name) and is_time(got, name):
            return isinstance(expected, float) == isinstance(got, float)
        if name == "recipient_id":
            return self.ids.setdefault((name, expected), got) == got
        return expected == got

    def same_text(self, expected: str, got: str, name: str) -> bool:
        """Random parts do not count, but are remembered."""
        if expected == got:
            return True
        if OPAQUE.search(name):
            return bool(got) == bool(expected)
        if ISO_TIME.match(expected) and ISO_TIME.match(got):
            return shape_of_time(expected) == shape_of_time(got)
        if masked(expected) != masked(got):
            is_html = name in ("content", "rendered_content", "rendered_description") and expected.startswith("<")
            return is_html and html.normal(masked(expected)) == html.normal(masked(got))
        for pattern in (UPLOAD, UUID, HASH):
            for one, other in zip(pattern.finditer(expected), pattern.finditer(got)):
                self.learned[one.group(0)] = other.group(0)
        return True

    def in_our_words(self, value):
        """A part of a request, with what was random replaced by ours."""
        if isinstance(value, dict):
            return {key: self.in_our_words(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.in_our_words(one) for one in value]
        if isinstance(value, str):
            for theirs, ours in self.learned.items():
                value = value.replace(theirs, ours)
        return value


def is_time(value, name: str) -> bool:
    """A number of seconds since 1970 in a field that is called like one, or in a list of such."""
    return value > 1_000_000_000 and (TIME_NAME.search(name) is not None or name == "muted_topics")


def shape_of_time(text: str) -> str:
    """Digits and the length of the fraction do not count: it is shorter when it ends with zeros."""
    return re.sub(r"\.9+", ".9", re.sub(r"\d", "9", text))


def masked(text: str) -> str:
    """The text without its random parts."""
    # The version of a picture counts how often it was changed, which not all recordings show.
    text = VERSION.sub("version=*", UPLOAD.sub(r"/user_uploads/\g<2>/*/*/", text))
    return HASH.sub("<hash>", UUID.sub("<uuid>", text))


def naming(expected: list, got: list) -> str | None:
    """The field that tells the elements apart, if there is one."""
    everything = expected + got
    if not everything or not all(isinstance(one, dict) for one in everything):
        return None
    for key in NAMES:
        if all(isinstance(one.get(key), (int, str)) for one in everything):
            if all(len({one[key] for one in side}) == len(side) for side in (expected, got)):
                return key
    return None


def shown(value) -> str:
    """A value on a line."""
    if isinstance(value, Missing):
        return "nothing"
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:290]}… ({len(text)} characters)"
