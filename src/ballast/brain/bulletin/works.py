"""Projects and goals: what was invested and finished, what is stuck, and who is behind the path."""

from __future__ import annotations

from collections import Counter

from ballast.brain.bulletin.asking import Asked, Found, Notes, ask
from ballast.brain.bulletin.phrases import DASH, amount, counted, joined
from ballast.brain.bulletin.sentences import level, no_figure, of_last_year
from ballast.brain.bulletin.shape import Section, Table
from ballast.brain.goals.goal import PLACE_LABELS, Place, Standing
from ballast.brain.goals.standing import goals, standings
from ballast.brain.indicators.registry import INDICATORS
from ballast.brain.projects.flags import FLAG_LABELS, FlagKind, flagged
from ballast.brain.projects.ledger import ledger
from ballast.terms.label import Label
from ballast.terms.period import month
from ballast.terms.unit import FRACTION
from ballast.words import Sentence

__all__ = ["goals_section", "projects_section"]


def projects_section(asked: Asked, notes: Notes) -> Section:
    """Return the section of the projects: what was invested, what was finished, what is flagged."""
    found = ask(asked, ("project_investment", *_COUNTED))
    said = [of_last_year(asked, notes, "upgrade_investment")]
    said.append(level(notes, found, "project_investment", INDICATORS["project_investment"].label))
    said += [_number(notes, found, key) for key in _COUNTED]
    paragraphs = [tuple(said)]
    if asked.units and (flags := _flags(asked, notes)):
        paragraphs.append(tuple(flags))
    return Section("projects", Label("技改项目", "Technical-upgrade projects"), tuple(paragraphs))


_COUNTED = "projects_finished", "projects_under_way"


def _number(notes: Notes, found: Found, key: str) -> Sentence:
    line, label = found.known(key), INDICATORS[key].label
    if line is None:
        return no_figure(found, key, label)
    value = notes.mark(counted(int(line.value.value or 0), "个", "projects"), found, line.value)
    return Sentence(
        "{what}: {value} in {period}.",
        {"what": label, "period": line.value.period.label, "value": value},
    )


def _flags(asked: Asked, notes: Notes) -> list[Sentence]:
    book = ledger(asked.lake, asked.viewer)
    if not book.projects:
        return []
    found = flagged(book, today=asked.today)
    kinds = Counter(flag.kind for flags in found.values() for flag in flags)
    until = book.as_of(asked.today)
    when = month(until.year, until.month).label
    if not found:
        return [Sentence("No project is flagged as of {period}.", {"period": when})]
    parts = [
        Label(f"{FLAG_LABELS[kind].zh}{kinds[kind]}个", f"{kinds[kind]} {FLAG_LABELS[kind].en}")
        for kind in FlagKind
        if kinds[kind]
    ]
    told = notes.other(
        counted(len(found), "个", "projects"),
        what=Label("项目预警", "flagged projects"),
        period=when,
        sample=Label(f"项目台账{len(book.projects)}个项目", f"{len(book.projects)} projects"),
        command="ballast projects flags",
    )
    return [
        Sentence(
            "As of {period} {count} are flagged: {kinds}.",
            {"period": when, "count": told, "kinds": joined(parts)},
        )
    ]


def goals_section(asked: Asked, notes: Notes) -> Section:
    """Return the section of the goals that run in the year of the bulletin."""
    title = Label("目标进展", "Goals")
    running = [
        goal for goal in goals(asked.lake, region=asked.region)
        if goal.period.year >= asked.period.year
    ]  # fmt: skip
    if not running:
        return Section("goals", title, ((Sentence("No goal is set for this region."),),))
    found = standings(asked.lake, asked.viewer, running, until=asked.period)
    behind = [one for one in found if one.place is Place.BEHIND]

    def told(text: Label) -> Label:
        return notes.other(
            text,
            what=Label("目标进展", "goals against their path"),
            period=asked.period.label,
            sample=Label("已设定的目标", "goals that are set"),
            command=f"ballast goals --region {asked.region} --period {asked.period}"
            + ("" if asked.units else " --public"),
        )

    places = {
        "count": told(counted(len(found), "项", "goals")),
        "behind": Label(f"{len(behind)}项", f"{len(behind)}"),
    }
    sentences = [
        Sentence("Of {count}, {behind} are behind their path: {names}.",
                 {**places, "names": joined(_names(behind))})
        if behind
        else Sentence("Of {count}, none is known to be behind its path.", places)
    ]  # fmt: skip
    unknown = sum(one.place is Place.UNKNOWN for one in found)
    if unknown:
        sentences.append(
            Sentence(
                "Of {count} nothing can be said yet.",
                {"count": told(Label(f"{unknown}项", f"{unknown}"))},
            )
        )
    notes.synthetic = notes.synthetic or any(one.synthetic for one in found)
    return Section("goals", title, (tuple(sentences),), (_table(found),))


def _names(of: list[Standing]) -> list[Label]:
    """Return what goals are about; one item with several horizons is named once."""
    return list(dict.fromkeys(one.label for one in of))


def _table(found: tuple[Standing, ...]) -> Table:
    rows = tuple(
        (
            one.label,
            one.goal.period.label,
            _written(one, one.actual),
            _written(one, one.path),
            _written(one, one.level),
            PLACE_LABELS[one.place],
            Label(one.goal.responsible or "—", one.goal.responsible or "–"),
        )
        for one in found
    )
    return Table(
        Label("目标、路径与实际", "Goals, their path, and what is reached"),
        (
            Label("目标", "Goal"),
            Label("期限", "By"),
            Label("实际", "Actual"),
            Label("路径", "Path"),
            Label("目标值", "Target"),
            Label("状态", "Standing"),
            Label("责任单位", "Responsible"),
        ),
        rows,
        frozenset({2, 3, 4}),
    )


def _written(one: Standing, value: float | None) -> Label:
    return DASH if value is None else amount(value, one.unit or FRACTION)
