"""Where, of whom and among whom: the place and the scope that belong to a number.

A place behind 高于, 占 or 居 is what is measured against and never where the
figure is: 高唐县总量居全市第五 is of Gaotang, within the city.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ballast.brain.claims.kinds import Said
from ballast.brain.claims.line import Line, Turn
from ballast.brain.claims.mention import Form
from ballast.brain.claims.naming import PlaceToken, ScopeToken
from ballast.brain.claims.statement import Kind, Place
from ballast.terms.region import NATION

__all__ = ["Where", "scope_of", "where"]

_TOGETHER = re.compile(r"合计|总计|两地|三地|共计|together|combined")
_MEASURED = re.compile(r"(?:高于|高出|低于|快于|慢于|占|比|居|列|位|领先|跻身|进入|在|稳居)$")
_MEASURED_BEHIND = re.compile(r"第[\d一-九]|前列|前[\d一-九]|首位|平均")
_MEASURED_EN = re.compile(r"\b(?:than|above|below|over|behind)(?: that of)?\s*(?:the )?$")


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a figure, what it is measured against, the set of a rank."""

    place: Place | None
    against: Place | None = None
    within: Place | None = None
    carried: bool = False


def scope_of(line: Line, turn: Turn, start: int) -> ScopeToken | None:
    """Return of whom a number is: in its clause from a place on, or before, if none came since."""
    mention = turn.mention
    left = [s for s in line.found.scopes if s.end <= mention.start]
    clause = [s for s in left if s.start >= start]
    if clause:
        # X 是 Y 的 N 倍: of X.
        beside = mention.form is Form.TIMES and len(clause) > 1
        return clause[-2 if beside else -1]
    right = [s for s in line.found.scopes if mention.end <= s.start <= mention.end + 24]
    if line.english and right and not left:
        return right[0]
    return left[-1] if left and not _new_place(line, left[-1].end, mention.start) else None


def _new_place(line: Line, start: int, end: int) -> bool:
    """Return whether another place, or the whole, was spoken of since."""
    return any(
        start <= p.start < end
        and p.place.codes != (line.known.province,)
        and not _measured(line, p)
        for p in line.found.places
    )


def _measured(line: Line, token: PlaceToken) -> bool:
    """Return whether a place is what is measured against: 高于全市, 占全市, 居全市第五."""
    before = line.text[max(0, token.start - 16) : token.start]
    if line.english:
        return _MEASURED_EN.search(before) is not None
    behind = line.text[token.end : token.end + 6]
    return _MEASURED.search(before) is not None or _MEASURED_BEHIND.match(behind) is not None


def where(line: Line, turn: Turn, spoken: Said, scope: ScopeToken | None) -> Where:
    """Return where a figure is, and what it is measured against.

    Parameters
    ----------
    line, turn
        The sentence, and the number in it.
    spoken
        What it says.
    scope
        Of whom; a cluster is in its own place.
    """
    places = [p for p in line.found.places if p.end <= turn.mention.start]
    against = _against(line, turn, spoken, places)
    used = line.carried.measures
    own = [
        p for p in places
        if not _measured(line, p) and p.place is not against
        and not any(p.place is each for each in used)
    ]  # fmt: skip
    near = [p for p in own if p.start >= turn.clause]
    place = _together(line, near) or (near[-1].place if near else None)
    if place is None and line.english and spoken.kind is not Kind.RANK:
        place = _behind(line, turn, against)
    region = scope.region if scope is not None else None
    if scope is not None and region is not None and (
        place is None or not near or near[-1].start < scope.start
    ):  # fmt: skip
        place = Place(scope.scope.words, (region,))
    if spoken.kind is Kind.RISING:  # of all places; the one spoken of before is only one of them
        return Where(place)
    if place is None:
        place = own[-1].place if own else line.carried.place
    carried = place is None and line.context.place is not None
    place = place or line.context.place
    within = _within(line, turn, places, place, scope) if spoken.kind is Kind.RANK else None
    line.carried.place, line.carried.against = place, against or line.carried.against
    used += [each for each in (against, within) if each is not None]
    return Where(place, against, within, carried)


def _against(line: Line, turn: Turn, spoken: Said, places: Sequence[PlaceToken]) -> Place | None:
    if spoken.kind is Kind.DISTANCE and spoken.compared is not None:
        behind = (
            [p for p in line.found.places if turn.mention.end <= p.start]
            if line.english
            else [p for p in places if p.start >= (spoken.compared or 0)]
        )
        return behind[0].place if behind else None
    if spoken.kind in (Kind.SHARE, Kind.CONTRIBUTION):
        verbs = ("占",) if spoken.kind is Kind.SHARE else ("拉动", "下拉", "拖累", "拉低")
        verb = max(line.text.rfind(each, turn.clause, turn.mention.start) for each in verbs)
        behind = [p for p in places if p.start > verb >= 0]
        return behind[0].place if behind else None
    return None


def _behind(line: Line, turn: Turn, against: Place | None) -> Place | None:
    """Return the place that an English number is followed by; a whole is no place of its own."""
    for token in line.found.places:
        code = token.place.codes[0] if token.place.codes else ""
        whole = code.endswith("0000") or token.place is against
        if turn.mention.end <= token.start < turn.end and not whole:
            return token.place
    return None


def _together(line: Line, near: Sequence[PlaceToken]) -> Place | None:
    if len(near) < 2 or not _TOGETHER.search(line.text[near[-1].end :][:8]):
        return None
    codes = tuple(code for token in near for code in token.place.codes)
    return Place("、".join(token.place.words for token in near), codes)


def _within(
    line: Line,
    turn: Turn,
    places: Sequence[PlaceToken],
    own: Place | None,
    scope: ScopeToken | None,
) -> Place | None:
    """Return the region among whose parts a place is meant: one that holds the own one."""
    code = own.codes[0] if own is not None and own.codes else line.known.home
    behind = [p for p in line.found.places if turn.mention.start <= p.start < turn.end]
    for token in (*behind, *reversed(places)):
        candidate = token.place.codes[0] if token.place.codes else ""
        equal = scope is not None and scope.region is None and candidate == code
        if candidate and (equal or (candidate != code and _holds(candidate, code))):
            return token.place
    return line.carried.against if scope is not None else None


def _holds(whole: str, part: str) -> bool:
    """Return whether a region holds another, by the shape of their codes."""
    if whole == NATION:
        return True
    stem = whole[:2] if whole.endswith("0000") else whole[:4] if whole.endswith("00") else whole
    return part.startswith(stem)
