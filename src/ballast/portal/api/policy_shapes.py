"""Shapes of titles, decisions, ladders and the pool as they travel.

A decision is the tree that `ballast policy check --format json` prints, made by
the same function: a program that reads the one reads the other.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from ballast.brain.policy.ladder import Ladder, Need, Path, Renewal, Rung
from ballast.brain.policy.law_shape import Law, Version
from ballast.brain.policy.pool_shape import Count, Pool, Standing
from ballast.brain.policy.shape import Application, Words
from ballast.brain.policy.telling import as_json
from ballast.brain.policy.windows import Event, Opening
from ballast.portal.api.shapes import LabelShape, Shape, label_shape
from ballast.terms.label import Language

__all__ = [
    "CalendarShape",
    "CheckShape",
    "CheckedShape",
    "LadderShape",
    "PoolShape",
    "SchemeShape",
    "event_shape",
    "ladder_shape",
    "pool_shape",
    "scheme_shape",
]

DecisionShape = dict[str, Any]


class VersionShape(Shape):
    """A version of a law: its document, and since when it applies to what."""

    id: str
    instrument: str = Field(description="The number of the document.")
    applies: list[tuple[Application, date, date | None]] = Field(
        description="Kind of application, first day, last day (null: still)."
    )


class SchemeShape(Shape):
    """A title."""

    scheme: str
    label: LabelShape
    about: LabelShape
    rung: int | None = Field(description="On the ladder, from 1; null: beside it.")
    versions: list[VersionShape]


class EventShape(Shape):
    """A day of the calendar."""

    day: date
    kind: str = Field(description="`opens`, `closes`, `begins`, `ends` or `expires`.")
    scheme: str
    label: LabelShape
    application: Application | None
    confirmed: bool
    note: LabelShape | None


class CalendarShape(Shape):
    """What happens between two days."""

    since: date
    until: date
    events: list[EventShape]


class CheckedShape(Shape):
    """One title: the decision, or why no law applies."""

    scheme: str
    decision: DecisionShape | None
    refused: str | None


class CheckShape(Shape):
    """What is decided of facts that were sent; nothing of them is kept."""

    day: date
    application: Application
    decisions: list[CheckedShape]


class WindowShape(Shape):
    """When applications are taken; both days belong to it."""

    label: LabelShape
    opens: date
    closes: date
    confirmed: bool


class NeedShape(Shape):
    """One criterion, or one item of a score, that would have to change."""

    id: str
    label: LabelShape
    article: str
    action: str = Field(description="`change`, `show`, `judge` or `earn`.")


class RungShape(Shape):
    """A title that is not held: what is lacking, and the smallest sets that would be enough."""

    scheme: str
    label: LabelShape
    rung: int | None
    decision: DecisionShape | None
    refused: str | None
    gaps: list[str] = Field(description="Criteria of the decision that are not met.")
    paths: list[list[NeedShape]]
    paths_complete: bool
    window: WindowShape | None


class HeldShape(Shape):
    """A title that is held."""

    scheme: str
    awarded: date
    expires: date | None
    days_left: int | None
    certificate: str
    window: WindowShape | None
    late: bool = Field(description="The window opens only after the certificate has ended.")
    renewal: DecisionShape | None = Field(description="What a renewal would say today.")
    refused: str | None


class LadderShape(Shape):
    """Where an enterprise stands on the ladder of titles."""

    uscc: str
    day: date
    rung: int | None = Field(
        description="The highest that is held, 0 for none; null where it is not known."
    )
    held: list[HeldShape]
    next: list[RungShape]
    calendar: list[EventShape]


class CountShape(Shape):
    """How many enterprises; null where it is withheld, or not known to the caller."""

    value: int | None
    withheld: bool


class CellShape(Shape):
    """The counts of one title in one place."""

    scheme: str
    region: str
    cluster: str
    label: LabelShape
    whole: bool
    counts: dict[Standing, CountShape]


class LackingShape(Shape):
    """How many lack one criterion and no other."""

    scheme: str
    criterion: str
    label: LabelShape
    article: str
    count: CountShape


class CandidateShape(Shape):
    """An enterprise within reach of a title: for readers of unit data."""

    scheme: str
    uscc: str
    name: str
    standing: Standing
    county: str
    clusters: list[str]
    lacks: str | None


class PoolShape(Shape):
    """The pool before each title."""

    day: date
    sealed: bool = Field(description="Read from the sealed cube: counts alone, for anyone.")
    vintage: str | None
    synthetic: bool
    cells: list[CellShape]
    lacking: list[LackingShape]
    candidates: list[CandidateShape]
    refused: dict[str, LabelShape]


def _words(words: Words) -> LabelShape:
    return LabelShape(zh=words.zh, en=words.en)


def scheme_shape(law: Law) -> SchemeShape:
    """Return a title as it travels."""
    numbers = {one.id: one.number for one in law.instruments}
    return SchemeShape(
        scheme=law.scheme,
        label=_words(law.label),
        about=_words(law.about),
        rung=law.rung,
        versions=[_version(one, numbers) for one in law.versions],
    )


def _version(version: Version, numbers: dict[str, str]) -> VersionShape:
    return VersionShape(
        id=version.id,
        instrument=numbers.get(version.instrument, version.instrument),
        applies=[(one.to, one.since, one.until) for one in version.applies],
    )


def event_shape(event: Event) -> EventShape:
    """Return a day of the calendar as it travels."""
    return EventShape(
        day=event.day,
        kind=event.kind.value,
        scheme=event.scheme,
        label=label_shape(event.label),
        application=event.application,
        confirmed=event.confirmed,
        note=None if event.note is None else label_shape(event.note),
    )


def ladder_shape(found: Ladder, uscc: str, language: Language) -> LadderShape:
    """Return a ladder as it travels; sentences of its decisions in one language."""
    return LadderShape(
        uscc=uscc,
        day=found.day,
        rung=found.rung,
        held=[_held(one, language) for one in found.held],
        next=[_rung(one, language) for one in found.next],
        calendar=[event_shape(one) for one in found.calendar],
    )


def _held(one: Renewal, language: Language) -> HeldShape:
    return HeldShape(
        scheme=one.held.scheme,
        awarded=one.held.awarded,
        expires=one.held.expires,
        days_left=one.days_left,
        certificate=one.held.certificate,
        window=_window(one.window),
        late=one.late,
        renewal=None if one.decision is None else as_json(one.decision, language),
        refused=None if one.refused is None else one.refused.text(language),
    )


def _rung(one: Rung, language: Language) -> RungShape:
    return RungShape(
        scheme=one.scheme,
        label=label_shape(one.label),
        rung=one.rung,
        decision=None if one.decision is None else as_json(one.decision, language),
        refused=None if one.refused is None else one.refused.text(language),
        gaps=[gap.finding.id for gap in one.gaps],
        paths=[_path(path) for path in one.paths],
        paths_complete=one.paths_complete,
        window=_window(one.window),
    )


def _path(path: Path) -> list[NeedShape]:
    return [_need(one) for one in path.needs]


def _need(one: Need) -> NeedShape:
    return NeedShape(
        id=one.id, label=label_shape(one.label), article=one.article, action=one.action.value
    )


def _window(window: Opening | None) -> WindowShape | None:
    if window is None:
        return None
    return WindowShape(
        label=label_shape(window.label),
        opens=window.opens,
        closes=window.closes,
        confirmed=window.confirmed,
    )


def pool_shape(found: Pool) -> PoolShape:
    """Return the pool as it travels."""
    return PoolShape(
        day=found.day,
        sealed=found.sealed,
        vintage=found.vintage,
        synthetic=found.synthetic,
        cells=[
            CellShape(
                scheme=one.scheme,
                region=one.region,
                cluster=one.cluster,
                label=label_shape(one.label),
                whole=one.whole,
                counts={standing: _count(count) for standing, count in one.counts},
            )
            for one in found.cells
        ],
        lacking=[
            LackingShape(
                scheme=one.scheme,
                criterion=one.criterion,
                label=label_shape(one.label),
                article=one.article,
                count=_count(one.count),
            )
            for one in found.lacking
        ],
        candidates=[
            CandidateShape(
                scheme=one.scheme,
                uscc=one.uscc,
                name=one.name,
                standing=one.standing,
                county=one.county,
                clusters=list(one.clusters),
                lacks=one.lacks,
            )
            for one in found.candidates
        ],
        refused={key: label_shape(why) for key, why in found.refused},
    )


def _count(count: Count) -> CountShape:
    return CountShape(value=count.value, withheld=count.withheld)
