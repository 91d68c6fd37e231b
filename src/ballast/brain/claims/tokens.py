"""A sentence with everything in it that is known: numbers, figures, places, times, of whom.

Found once for the whole sentence, so that what says which of them belong
together looks at places in a line and not at text again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ballast.brain.claims.mention import Form, Mention
from ballast.brain.claims.mentions_en import mentions_en
from ballast.brain.claims.mentions_zh import mentions_zh
from ballast.brain.claims.naming import PlaceToken, ScopeToken, places, scopes
from ballast.brain.claims.subjects import SubjectToken, subjects
from ballast.brain.claims.times import TimeToken, times
from ballast.brain.claims.vocabulary import Vocabulary

__all__ = ["Tokens", "is_english", "sentences", "tokens"]


@dataclass(frozen=True, slots=True)
class Tokens:
    """A sentence and what is in it, each in order of place; places are within ``text``."""

    text: str
    english: bool
    mentions: tuple[Mention, ...]
    subjects: tuple[SubjectToken, ...]
    places: tuple[PlaceToken, ...]
    scopes: tuple[ScopeToken, ...]
    times: tuple[TimeToken, ...]
    breaks: tuple[int, ...]

    @property
    def taken(self) -> tuple[tuple[int, int], ...]:
        """Where something stands that is known."""
        named = [(p.start, p.end) for p in self.places]
        whom = [(s.start, s.end) for s in self.scopes]
        figures = [(m.start, m.end) for m in self.mentions]
        words = [(s.start, s.end) for s in self.subjects]
        return (*named, *whom, *figures, *words, *((t.start, t.end) for t in self.times))

    def clause(self, place: int) -> tuple[int, int]:
        """Return from where to where the clause reaches that holds a place."""
        start = max((b for b in self.breaks if b <= place), default=0)
        end = min((b for b in self.breaks if b > place), default=len(self.text))
        return start, end


_END = re.compile(
    r"[。！？!?]+[”’\"」』)）]*|(?<=[A-Za-z%\d)\"])\.(?=\s+[A-Z\"“<(\[*#-]|\s*$|\s*\n)|\n+"
)
_TERMINAL = re.compile(r"[。！？!?：:；;.|]\s*$")
_LISTED = re.compile(r"\s*(?:[-*•·#|>]|\d{1,2}[.、)]|[（(]?[一二三四五六七八九十]{1,3}[）)、.])")
_BREAK = re.compile(
    r"[，；;：]|(?<!\d),|,(?!\d{3})|(?<=\w):(?=\s)|\s(?:while|whereas)\s|（|）|\(|\)"
)
_READ = "\x1a"
_LONGEST = 1000  # characters of a sentence; the longest in a report has some 300
_WRAPPED = 24  # a line at least so long that ends without a full stop goes on in the next


def is_english(text: str) -> bool:
    """Return whether a text has no Chinese character in it."""
    return re.search("[\u3400-\u9fff]", text) is None


def sentences(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield where each sentence starts and ends, and whether a paragraph starts with it.

    Examples
    --------
    >>> list(sentences("产值增长7.8%。利润62.7亿元！"))
    [(0, 9, True), (9, 18, False)]
    """
    start, fresh = 0, True
    for match in _END.finditer(text):
        if match[0].startswith("\n") and _goes_on(text, start, match):
            continue
        yield from _parts(text, start, match.end(), fresh)
        fresh = match[0].startswith("\n") or text[match.end() : match.end() + 1] == "\n"
        start = match.end()
    yield from _parts(text, start, len(text), fresh)


def _parts(text: str, start: int, end: int, fresh: bool) -> Iterator[tuple[int, int, bool]]:
    """Yield a sentence, in parts where it is longer than any sentence is.

    What belongs together is looked for among all that is in a sentence; a text
    without a full stop must not make that the square of its length.
    """
    while end - start > _LONGEST:
        comma = max(text.rfind(sign, start, start + _LONGEST) for sign in "，,；; ")
        cut = comma + 1 if comma > start else start + _LONGEST
        yield start, cut, fresh
        start, fresh = cut, False
    if text[start:end].strip():
        yield start, end, fresh


def _goes_on(text: str, start: int, match: re.Match[str]) -> bool:
    """Return whether a line break is the wrapping of a sentence rather than its end."""
    line = text[max(start, text.rfind("\n", 0, match.start()) + 1) : match.start()]
    return (
        len(match[0]) == 1
        and len(line) >= _WRAPPED
        and not _TERMINAL.search(line)
        and not _LISTED.match(text[match.end() : match.end() + 8])
    )


def tokens(text: str, written: date, known: Vocabulary) -> Tokens:
    """Return a sentence with what is in it.

    Parameters
    ----------
    text
        One mended sentence.
    written
        The day of writing.
    known
        The names.
    """
    english = is_english(text)
    found = sorted((mentions_en if english else mentions_zh)(text), key=lambda m: m.start)
    lists = [m for m in found if m.form is Form.LISTED]
    open_text = _without(text, lists)
    # A number wins over what only looks like a name: 十个特色产业集群.
    whom = tuple(
        s for s in scopes(open_text, known, english=english)
        if s.scope.code is not None or "有限" in s.scope.words or not _in_any(s, found)
    )  # fmt: skip
    open_text = _without(open_text, whom)
    when = tuple(times(open_text, written, english=english))
    numbers = tuple(m for m in found if not _in_any(m, when) and not _in_any(m, whom))
    where = tuple(places(open_text, known, english=english))
    what = tuple(subjects(open_text, english=english))
    breaks = tuple(m.end() for m in _BREAK.finditer(text))
    return Tokens(text, english, numbers, what, where, whom, when, breaks)


_Spanned = Mention | SubjectToken | PlaceToken | ScopeToken | TimeToken


def _in_any(one: _Spanned, others: Iterable[_Spanned]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _without(text: str, taken: Iterable[_Spanned]) -> str:
    """Return a text of the same length in which what is already read cannot be read again."""
    for one in taken:
        text = f"{text[: one.start]}{_READ * (one.end - one.start)}{text[one.end :]}"
    return text
