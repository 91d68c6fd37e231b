"""The structure of industry and what moved it: divisions, places, what each gave to the growth."""

from __future__ import annotations

from ballast.brain.bulletin.asking import Asked, Found, Notes, ask
from ballast.brain.bulletin.phrases import (
    DASH,
    amount,
    direction,
    moved_on_year,
    moved_or_dash,
    percents,
)
from ballast.brain.bulletin.sentences import no_figure
from ballast.brain.bulletin.shape import Bar, Bars, Section, Table
from ballast.brain.indicators.answer import Status
from ballast.brain.indicators.comparing import Compared
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.registry import INDICATORS
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = ["movers", "structure"]

_TABLE = 10
_LARGEST = 3
_OUTPUT = "output"


def structure(asked: Asked, notes: Notes, divisions: Found, whole: Found) -> Section:
    """Return the section of the structure: how many industries, and the largest of them."""
    sentences = _present(asked, notes)
    known = _largest_first(divisions)
    withheld = divisions.withheld_of(_OUTPUT)
    if withheld and known:
        sentences.append(
            Sentence(
                "The figures of {count} divisions are withheld; what follows is of the others.",
                {"count": Label(f"{withheld}个", f"{withheld}")},
            )
        )
    every = whole.told(_OUTPUT)
    total = None if every is None or every.value.value is None else float(every.value.value)
    for line in known[:_LARGEST] if total else []:
        sentences.append(_share(asked, notes, divisions, line, total or 1.0))
    if not known:
        sentences.append(no_figure(divisions, _OUTPUT, INDICATORS[_OUTPUT].label))
    return Section(
        "structure",
        Label("产业结构", "Structure"),
        (tuple(sentences),),
        (_table(asked, known[:_TABLE], total),) if known else (),
        (_bars(asked, known[:_TABLE], withheld=withheld > 0),) if known else (),
    )


def _present(asked: Asked, notes: Notes) -> list[Sentence]:
    found = ask(asked, ("divisions", "groups"))
    divisions, groups = found.told("divisions"), found.told("groups")
    if (
        divisions is None or groups is None
        or divisions.value.value is None or groups.value.value is None
    ):  # fmt: skip
        return []
    counts = [int(divisions.value.value), int(groups.value.value)]
    return [
        Sentence(
            "Above-scale enterprises work in {divisions} industrial divisions and {groups} groups "
            "of GB/T 4754-2017.",
            {
                "divisions": notes.mark(
                    Label(f"{counts[0]}个", f"{counts[0]}"), found, divisions.value
                ),
                "groups": notes.mark(Label(f"{counts[1]}个", f"{counts[1]}"), found, groups.value),
            },
        )
    ]


def _largest_first(found: Found) -> list[Compared]:
    return sorted(found.published(_OUTPUT), key=lambda line: -float(line.value.value or 0))


def _industry(asked: Asked, line: Compared) -> Label:
    return asked.cells.label(
        Dimension.INDUSTRY_DIVISION, line.value.cell[Dimension.INDUSTRY_DIVISION]
    )


def _share(asked: Asked, notes: Notes, found: Found, line: Compared, total: float) -> Sentence:
    value = float(line.value.value or 0)
    places = {
        "industry": _industry(asked, line),
        "value": notes.mark(amount(value, INDICATORS[_OUTPUT].unit), found, line.value),
        "share": percents(value / total),
    }
    if line.published is None or direction(line.published) is None:
        return Sentence("{industry} made output of {value}, {share} of the whole.", places)
    places["change"] = moved_on_year(line.published)
    return Sentence("{industry} made output of {value}, {share} of the whole, {change}.", places)


def _table(asked: Asked, lines: list[Compared], total: float | None) -> Table:
    rows = tuple(
        (
            _industry(asked, line),
            amount(float(line.value.value or 0), INDICATORS[_OUTPUT].unit),
            percents(float(line.value.value or 0) / total) if total else DASH,
            moved_or_dash(line.published),
        )
        for line in lines
    )
    return Table(
        Label("按工业总产值排列的大类", "Divisions by gross output, the largest first"),
        (
            Label("行业大类", "Division"),
            Label("工业总产值", "Gross output"),
            Label("占全部比重", "Share"),
            Label("同比", "On a year before"),
        ),
        rows,
        frozenset({1, 2, 3}),
    )


def _bars(asked: Asked, lines: list[Compared], *, withheld: bool) -> Bars:
    unit = INDICATORS[_OUTPUT].unit
    first = lines[0]
    return Bars(
        Sentence(
            "{industry} makes the most of those published", {"industry": _industry(asked, first)}
        )
        if withheld
        else Sentence("{industry} makes the most", {"industry": _industry(asked, first)}),
        Label(
            f"工业总产值，{first.value.period.label.zh}",
            f"gross output, {first.value.period.label.en}",
        ),
        tuple(
            Bar(
                _industry(asked, line),
                float(line.value.value or 0),
                amount(float(line.value.value or 0), unit),
            )
            for line in lines
        ),
    )


def movers(asked: Asked, notes: Notes, divisions: Found) -> Section:
    """Return the section of what moved: industries by what they gave, places by their growth."""
    sentences = [*_industries_that_moved(asked, notes, divisions), *_places(asked, notes)]
    if not sentences:
        sentences = [no_figure(divisions, _OUTPUT, Label("各行业增长", "growth by industry"))]
    return Section("movers", Label("增长变动", "What moved"), (tuple(sentences),))


def _industries_that_moved(asked: Asked, notes: Notes, found: Found) -> list[Sentence]:
    given = sorted(
        (
            (line.contribution.points, line)
            for line in found.lines
            if line.contribution is not None and line.contribution.points is not None
            and line.value.status is Status.PUBLISHED and line.value.value is not None
        ),
        key=lambda pair: -pair[0],
    )  # fmt: skip
    sentences = []
    for points, line in given[:2]:
        if round(points, 1) > 0:
            sentences.append(
                Sentence(
                    "{industry} gave {points} of the growth of output.",
                    {
                        "industry": _industry(asked, line),
                        "points": notes.mark(_points(points), found, line.value),
                    },
                )
            )
    if given and round(given[-1][0], 1) < 0:
        points, line = given[-1]
        sentences.append(
            Sentence(
                "{industry} took {points} from the growth of output.",
                {
                    "industry": _industry(asked, line),
                    "points": notes.mark(_points(-points), found, line.value),
                },
            )
        )
    return sentences


def _points(points: float) -> Label:
    return Label(f"{points:.2f}个百分点", f"{points:.2f} percentage points")


def _places(asked: Asked, notes: Notes) -> list[Sentence]:
    found = ask(asked, ("revenue",), (Dimension.PLACE,))
    moving = [
        (float(line.published.value), line)
        for line in found.published("revenue")
        if line.published is not None and line.published.value is not None
    ]
    if len(moving) < 2:
        return []
    moving.sort(key=lambda pair: -pair[0])
    withheld = found.withheld_of("revenue")
    first, last = (
        _place(asked, notes, found, moving[0][1]),
        _place(asked, notes, found, moving[-1][1]),
    )
    rising = {"rising": sum(growth > 0 for growth, _ in moving), "places": len(moving)}
    return [
        Sentence(
            "Of the places whose figures are not withheld, revenue did best in {place}: {change}.",
            first,
        )
        if withheld
        else Sentence("Among the places, revenue did best in {place}: {change}.", first),
        Sentence("It did worst in {place}: {change}.", last),
        Sentence("It rose in {rising} of {places} places.", rising)
        if rising["rising"]
        else Sentence("It rose in none of {places} places.", rising),
    ]


def _place(asked: Asked, notes: Notes, found: Found, line: Compared) -> dict[str, Label]:
    """Return what is said of a place: its name and how its revenue moved."""
    how = moved_or_dash(line.published)
    return {
        "place": asked.cells.label(Dimension.PLACE, line.value.cell[Dimension.PLACE]),
        "change": notes.mark(how, found, line.value),
    }
