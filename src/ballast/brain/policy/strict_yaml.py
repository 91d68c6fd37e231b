"""YAML as far as a law needs it: mappings, lists, words, decimals, dates, true and false.

``yaml.safe_load`` reads more, and guesses: 63.10 becomes a binary float,
``no`` becomes false, 0912 an octal number or a text, the second of two equal
keys silently wins, and a page of aliases unfolds into gigabytes. An official
edits these files by hand; so what could be meant in two ways is refused with
its line, and every line is remembered for what is found wrong later.

It is built from the parser's events with a stack of its own, so nesting costs
no recursion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import yaml

from ballast.words import Sentence

__all__ = ["LONGEST", "Fault", "Lines", "Read", "read_yaml"]

LONGEST = 1_000_000
"""The longest file that is read, in characters; the longest law here has a tenth of it."""

_DEEPEST, _MOST_FAULTS = 60, 50

Path = tuple[str | int, ...]
Lines = dict[Path, int]
Fault = tuple[int | None, Sentence]

# The parser in C is ten times as fast; both give the same events.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,12})?")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LIKE_NUMBER = re.compile(
    r"[-+]?\.?[0-9][0-9_,.]*(?:[eE][-+]?[0-9]+)?|0[xob][0-9a-fA-F_]+|[-+]?\.(?:inf|nan)",
    re.IGNORECASE,
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_TRUTH = {"true": True, "false": False}
_LIKE_TRUTH = {"yes", "no", "on", "off", "y", "n", "true", "false"}
_NOTHING = {"", "null", "~"}


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says: its data, the line of everything in it, and what is wrong."""

    data: object
    lines: Lines
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Open:
    """A mapping or list that is not closed yet; ``skipped`` where it is not kept."""

    into: dict[str, object] | list[object]
    path: Path
    key: str | None = None
    twice: bool = False
    first: dict[str, int] = field(default_factory=dict)


def read_yaml(text: str) -> Read:
    """Return what a text says, with all that is wrong in it.

    Parameters
    ----------
    text
        One YAML document.

    Examples
    --------
    >>> read_yaml("least: 63.10\\nsince: 2026-04-01").data
    {'least': Decimal('63.10'), 'since': datetime.date(2026, 4, 1)}
    >>> found = read_yaml("least: 3\\nleast: 5").faults[0]
    >>> found[0], found[1].text("en")
    (2, '“least” stands here and in line 1 already; keep one')
    """
    if len(text) > LONGEST:
        said = Sentence(
            "the file has {length} characters; no law is longer than {most}",
            {"length": len(text), "most": LONGEST},
        )
        return Read(None, {}, ((None, said),))
    return _Reader(text).read()


class _Reader:
    """Reads one document, event by event."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: Lines = {}
        self.faults: list[Fault] = []
        self.stack: list[_Open] = []
        self.data: object = None
        self.documents = 0

    def read(self) -> Read:
        try:
            for event in yaml.parse(self.text, Loader=_LOADER):
                if not self.take(event) or len(self.faults) >= _MOST_FAULTS:
                    break
        except yaml.MarkedYAMLError as error:
            self.faults.append(_unreadable(error))
        except (yaml.YAMLError, UnicodeEncodeError):  # a character that no text holds
            said = Sentence("there is a character here that YAML does not allow; take it out")
            self.faults.append((self.bad_line(), said))
        return Read(self.data, self.lines, tuple(self.faults))

    def bad_line(self) -> int | None:
        found = _UNREADABLE.search(self.text)
        return None if found is None else self.text.count("\n", 0, found.start()) + 1

    def take(self, event: yaml.Event) -> bool:
        """Take one event; say whether to go on."""
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.fault(line, "a second document begins here; a law is one document")
                return False
        elif isinstance(event, yaml.AliasEvent):
            self.fault(line, "*{name}: references are not read; write it out", name=event.anchor)
            self.put(None, line)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            return self.begin(event, line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.stack.pop()
        elif isinstance(event, yaml.ScalarEvent):
            self.plainly(event, line)
            if not self.is_key():
                self.put(self.scalar(event, line), line)
            else:
                self.name(event.value, line)
        return True

    def begin(self, event: yaml.CollectionStartEvent, line: int) -> bool:
        self.plainly(event, line)
        if len(self.stack) >= _DEEPEST:
            self.fault(line, "nested deeper than {most} levels; no law is", most=_DEEPEST)
            return False
        if self.is_key():
            self.fault(line, "a mapping or list cannot be a name; write a word before the colon")
            return False
        made: dict[str, object] | list[object] = (
            {} if isinstance(event, yaml.MappingStartEvent) else []
        )
        self.stack.append(_Open(made, self.put(made, line)))
        return True

    def plainly(self, event: yaml.NodeEvent, line: int) -> None:
        if event.anchor is not None:
            self.fault(line, "&{name}: marks for references are not read", name=event.anchor)
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.fault(line, "{tag}: tags are not read; write the value alone", tag=tag)

    def is_key(self) -> bool:
        return (
            bool(self.stack)
            and isinstance(self.stack[-1].into, dict)
            and (self.stack[-1].key is None)
        )

    def name(self, key: str, line: int) -> None:
        top = self.stack[-1]
        top.key, top.twice = key, key in top.first
        if top.twice:
            self.fault(
                line,
                "“{key}” stands here and in line {first} already; keep one",
                key=key[:60],
                first=top.first[key],
            )
        else:
            top.first[key] = line
            self.lines[(*top.path, key)] = line

    def put(self, value: object, line: int) -> Path:
        """Put a value where it belongs and return its path."""
        if not self.stack:
            self.data = value
            self.lines[()] = line
            return ()
        top = self.stack[-1]
        if isinstance(top.into, list):
            path: Path = (*top.path, len(top.into))
            top.into.append(value)
            self.lines[path] = line
            return path
        key = top.key or ""
        if not top.twice:
            top.into[key] = value
        top.key = None
        return (*top.path, key)

    def scalar(self, event: yaml.ScalarEvent, line: int) -> object:
        word: str = event.value
        if not event.implicit[0]:  # in quotes, or over several lines
            return word
        if word in _NOTHING:
            return None
        if word in _TRUTH:
            return _TRUTH[word]
        if _NUMBER.fullmatch(word):
            return Decimal(word)
        if _DATE.fullmatch(word):
            try:
                return date.fromisoformat(word)
            except ValueError:
                self.fault(line, "{word} is no day; write YYYY-MM-DD", word=word)
        elif word.lower() in _LIKE_TRUTH:
            self.fault(
                line, "“{word}”: write true or false; if a word is meant, in quotes", word=word
            )
        elif _LIKE_NUMBER.fullmatch(word):
            self.fault(
                line,
                "“{word}”: write a plain figure such as 1500 or 2.5; a code in quotes",
                word=word[:40],
            )
        return word

    def fault(self, line: int, template: str, **values: object) -> None:
        self.faults.append((line, Sentence(template, values)))


def _unreadable(error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    line = None if mark is None else mark.line + 1
    said = {"problem": str(error.problem or error.context or "")}
    return line, Sentence(
        "this is not YAML ({problem}); look at indents, quotes, and full-width ：，", said
    )
