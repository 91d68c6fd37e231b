"""Which project a row of a monthly sheet means: by number, by alias, else by evidence.

Offices that send sheets retype names and renumber rows. A program that takes
the nearest name makes of one project two, or of two one, and nobody notices
for a year. Here the number decides, then what was written down as an alias;
evidence decides alone only where enterprise, name and plan all agree, and is
then written down. Anything less is laid before a person, with the evidence.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ballast.brain.projects.ledger import Project, same_number
from ballast.words import Sentence

__all__ = ["Candidate", "Index", "Match", "MatchKind", "Named", "alike", "index_of", "match"]


class MatchKind(StrEnum):
    """By what a row was understood, or why it was not."""

    NUMBER = "number"
    ALIAS = "alias"
    EVIDENCE = "evidence"
    NEW = "new"
    UNSURE = "unsure"  # a person must say
    CONTRADICTION = "contradiction"  # it names one project and describes another
    DECIDED = "decided"  # a person has said which
    LEFT_OUT = "left_out"  # a person does not want it taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a row says of the project that it means; amounts in 10,000 CNY."""

    number: str | None = None
    name: str | None = None
    uscc: str | None = None
    enterprise: str | None = None
    planned: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project that a row may mean.

    Parameters
    ----------
    number
        Its number.
    likeness
        Of the names, 0 to 1.
    evidence
        What speaks for it and against it.
    """

    number: str
    likeness: float
    evidence: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """What a row means.

    Parameters
    ----------
    kind
        By what it was understood.
    number
        The project; ``None`` where it is new or undecided.
    evidence
        Why, in sentences.
    candidates
        Of a row that neither number nor alias decides, the projects that it may mean, likeliest
        first.
    """

    kind: MatchKind
    number: str | None = None
    evidence: tuple[Sentence, ...] = ()
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """The ledger as it is looked through: by number, by alias, by enterprise."""

    projects: Mapping[str, Project]
    numbers: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, tuple[str, ...]]
    owners: Mapping[str, tuple[str, ...]]
    names: Mapping[str, tuple[str, ...]]


_SAME_NAME = 0.92  # above it two names differ by a slip of the pen
_NEAR_NAME = 0.55  # below it they are two names
_FILLING = re.compile(r"有限责任公司|股份有限公司|有限公司|项目|工程|（样例）|\(样例\)|[^\w]|_")


def index_of(projects: Iterable[Project]) -> Index:
    """Return the ledger as `match` looks through it."""
    numbers: dict[str, list[str]] = {}
    aliases: dict[str, list[str]] = {}
    owners: dict[str, list[str]] = {}
    names: dict[str, list[str]] = {}
    held: dict[str, Project] = {}
    for one in projects:
        held[one.number] = one
        numbers.setdefault(same_number(one.number), []).append(one.number)
        owners.setdefault(one.uscc, []).append(one.number)
        names.setdefault(_plain(one.name), []).append(one.number)
        for label in () if one.enterprise is None else {one.enterprise.zh, one.enterprise.en}:
            owners.setdefault(_plain(label), []).append(one.number)
        for alias in {same_number(alias) for alias in one.aliases}:
            aliases.setdefault(alias, []).append(one.number)
    return Index(held, *(_frozen(each) for each in (numbers, aliases, owners, names)))


def _frozen(lists: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(dict.fromkeys(found)) for key, found in lists.items()}


def _plain(text: str) -> str:
    return _FILLING.sub("", unicodedata.normalize("NFKC", text).casefold())


def alike(one: str, other: str) -> float:
    """Return how alike two names are, 0 to 1: shared pairs of signs (Dice), filling words aside.

    Dice = 2 |A ∩ B| / (|A| + |B|), of the pairs of neighbouring signs.
    Source: from memory of Dice (1945).

    Examples
    --------
    >>> alike("阀门生产线技术改造项目", "阀门 生产线技术改造")
    1.0
    >>> alike("余热回收利用项目", "数字化车间建设项目")
    0.0
    """
    a, b = _pairs(_plain(one)), _pairs(_plain(other))
    whole = a.total() + b.total()
    return 2 * (a & b).total() / whole if whole else 0.0


def _pairs(text: str) -> Counter[str]:
    return Counter(text[at : at + 2] for at in range(max(len(text) - 1, 1))) if text else Counter()


def match(row: Named, index: Index) -> Match:
    """Return which project a row means.

    Parameters
    ----------
    row
        What it says of the project.
    index
        The ledger.

    Returns
    -------
    Match
        Never a guess: of two that fit it is ``UNSURE``, with both and what speaks for each.
    """
    if row.number is not None:
        for known, kind in ((index.numbers, MatchKind.NUMBER), (index.aliases, MatchKind.ALIAS)):
            found = known.get(same_number(row.number), ())
            if len(found) > 1:
                return _unsure(row, found, index)
            if found:
                return _by_name_or_number(row, index.projects[found[0]], kind)
    elif row.name is not None:
        found = index.aliases.get(same_number(row.name), ())
        if len(found) == 1:
            return _by_name_or_number(row, index.projects[found[0]], MatchKind.ALIAS)
    return _by_evidence(row, index)


def _by_name_or_number(row: Named, found: Project, kind: MatchKind) -> Match:
    """Return a match by number or alias, unless the row describes another project."""
    against = []
    if row.uscc is not None and row.uscc != found.uscc:
        against.append(
            Sentence(
                "the row is of enterprise {given}, project {number} of {known}; mend the number or "
                "the enterprise in the sheet",
                {"given": row.uscc, "number": found.number, "known": found.uscc},
            )
        )
    if row.uscc is None and row.name is not None and kind is MatchKind.NUMBER:
        names = (found.name, *found.aliases)
        if max(alike(row.name, name) for name in names) < _NEAR_NAME / 2:
            against.append(
                Sentence(
                    "the row calls it “{given}”, the ledger calls project {number} “{known}”; mend "
                    "the number or the name in the sheet, or add the name as an alias of the "
                    "project",
                    {"given": row.name, "number": found.number, "known": found.name},
                )
            )
    if against:
        return Match(MatchKind.CONTRADICTION, found.number, tuple(against))
    said = Sentence("by the number") if kind is MatchKind.NUMBER else Sentence("by an alias")
    return Match(kind, found.number, (said,))


def _by_evidence(row: Named, index: Index) -> Match:
    near = [
        candidate
        for number in _of_the_enterprise(row, index)
        if (candidate := _candidate(row, index.projects[number])).likeness >= _NEAR_NAME
    ]
    near.sort(key=lambda one: (-one.likeness, one.number))
    if not near:
        return Match(MatchKind.NEW)
    best = near[0]
    alone = len(near) == 1 or near[1].likeness < _SAME_NAME
    if row.uscc is not None and alone and _sure(row, index.projects[best.number], best):
        return Match(MatchKind.EVIDENCE, best.number, best.evidence, tuple(near[:5]))
    return Match(MatchKind.UNSURE, None, (), tuple(near[:5]))


def _of_the_enterprise(row: Named, index: Index) -> tuple[str, ...]:
    """Return the projects that the row's enterprise has; without one, those of the same name."""
    if row.uscc is not None:
        return index.owners.get(row.uscc, ())
    if row.enterprise is not None:
        return index.owners.get(_plain(row.enterprise), ())
    return () if row.name is None else index.names.get(_plain(row.name), ())


def _sure(row: Named, known: Project, candidate: Candidate) -> bool:
    """Return whether enterprise, name and plan all agree."""
    return candidate.likeness >= _SAME_NAME and row.planned is not None and _near(
        row.planned, known.planned
    )  # fmt: skip


def _amount(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _near(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= max(abs(other) / 200, Decimal("0.01"))


def _candidate(row: Named, known: Project) -> Candidate:
    names = (known.name, *known.aliases)
    likeness = 0.0 if row.name is None else max(alike(row.name, name) for name in names)
    evidence = [
        Sentence(
            "its name “{known}” is {share} % like “{given}”",
            {"known": known.name, "share": round(100 * likeness), "given": row.name or ""},
        )
    ]
    if row.uscc is not None:
        evidence.append(Sentence("it is of the same enterprise"))
    if row.planned is not None:
        said = (
            Sentence("the planned investment agrees")
            if _near(row.planned, known.planned)
            else Sentence(
                "the planned investment does not agree: {given} and {known} (10,000 CNY)",
                {"given": _amount(row.planned), "known": _amount(known.planned)},
            )
        )
        evidence.append(said)
    return Candidate(known.number, likeness, tuple(evidence))


def _unsure(row: Named, numbers: Sequence[str], index: Index) -> Match:
    found = [_candidate(row, index.projects[number]) for number in numbers]
    return Match(MatchKind.UNSURE, None, (), tuple(found))
