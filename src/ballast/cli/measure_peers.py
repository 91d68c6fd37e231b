"""``measure --peer``: one region among a named set of others."""

from __future__ import annotations

from dataclasses import replace

from ballast.brain.indicators.answering import answer
from ballast.brain.indicators.cell_names import CellNames
from ballast.brain.indicators.comparing import Against, compared
from ballast.brain.indicators.declared import Better, Indicator
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.peers import PeerSet, Position, peer_set, place_among
from ballast.brain.indicators.question import Question
from ballast.brain.indicators.ranks import First
from ballast.brain.indicators.registry import indicator
from ballast.cli.context import language, tell, viewer
from ballast.cli.measure_tables import decimals_of, print_compared
from ballast.cli.measure_telling import explain_compared
from ballast.cli.output import Format
from ballast.errors import NotFound, WrongUsage
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.region import NATION
from ballast.terms.unit import PERCENT, PERCENTAGE_POINTS
from ballast.words.numbers import fixed

__all__ = ["beside_peers"]

_SIZE = "gdp"


def beside_peers(
    lake: Lake,
    one: Indicator,
    question: Question,
    against: Against,
    called: CellNames,
    asked: str,
    form: Format,
    *,
    explain: bool,
) -> None:
    """Print a region and its peers, ranked, and say where it stands among them.

    Parameters
    ----------
    lake
        Where to read.
    one, question
        The indicator, and what is asked of it: the one region named is compared.
    against
        Growths and annual rate, which every line gets.
    called
        Names the regions.
    asked
        The peer set: a name, or codes.
    form
        How the lines are printed.
    explain
        Say formula and sources too.

    Raises
    ------
    WrongUsage
        If it is not one region that is asked about.
    """
    own = _own(question)
    level = _cut(one, own)
    if set(question.by) - {level}:
        raise WrongUsage(
            "--peer compares regions: leave out --by, or cut by the region alone; restrict the "
            "rest with --where"
        )
    there = _regions(lake, one, question, level)
    sizes = _sizes(lake, question.period) if asked == "similar" else None
    peers = peer_set(
        asked, own, there, called=called.called.region, sizes=sizes,
        size_label=indicator(_SIZE).label,
    )  # fmt: skip
    wide = replace(
        question,
        by=(level,),
        where={**_others(question), level: peers.members},
    )
    found = compared(lake, viewer(), wide, replace(against, rank=True, within=peers.label))
    lines = sorted(
        found.lines,
        key=lambda x: (x.rank is None or x.rank.place is None, x.rank.place if x.rank else 0),
    )
    print_compared(one, lines, wide.by, called, form)
    first: First = "lowest" if one.better is Better.DOWN else "highest"
    values = {v.cell.get(level, ""): v.value for v in found.answer.values}
    _tell_place(one, place_among(values, peers, first), peers, called)
    explain_compared(lake, one, found, against, full=explain)


def _own(question: Question) -> str:
    named = [
        code for dimension in (Dimension.REGION, Dimension.CITY, Dimension.PROVINCE,
                               Dimension.ZONE, Dimension.PLACE)
        for code in question.where.get(dimension, ())
    ]  # fmt: skip
    if len(named) != 1:
        raise WrongUsage(
            "--peer compares one region with others: name it with --where region=…, one code or a "
            "name that means one; {count} are named",
            count=len(named),
        )
    return named[0]


def _cut(one: Indicator, own: str) -> Dimension:
    """Return the dimension whose cells are regions of the same level."""
    if not one.of_enterprises:
        return Dimension.REGION
    if "-" in own:
        return Dimension.ZONE
    if own == NATION or own.endswith("0000"):
        return Dimension.PROVINCE
    return Dimension.CITY if own.endswith("00") else Dimension.REGION


def _others(question: Question) -> dict[Dimension, tuple[str, ...]]:
    regions = {Dimension.REGION, Dimension.CITY, Dimension.PROVINCE, Dimension.ZONE,
               Dimension.PLACE}  # fmt: skip
    return {d: codes for d, codes in question.where.items() if d not in regions}


def _regions(lake: Lake, one: Indicator, question: Question, level: Dimension) -> list[str]:
    """Return the regions that have a figure at all."""
    everywhere = replace(question, by=(level,), where=_others(question))
    found = answer(lake, viewer(), everywhere)
    there = [v.cell[level] for v in found.values if v.value is not None and level in v.cell]
    if not there:
        raise NotFound(
            "{indicator}: no region has a figure of {period}",
            indicator=one.label,
            period=question.period,
        )
    return there


def _sizes(lake: Lake, period: Period) -> dict[str, float | None]:
    """Return the regions' sizes in the newest year up to the period, by what is published."""
    for year in range(period.year, period.year - 3, -1):
        wanted = Question((_SIZE,), (Dimension.REGION,), period=Period.parse(str(year)))
        found = answer(lake, viewer(), wanted).values
        sizes = {v.cell[Dimension.REGION]: v.value for v in found if Dimension.REGION in v.cell}
        if any(value is not None for value in sizes.values()):
            return {code: None if v is None else float(v) for code, v in sizes.items()}
    return {}


def _tell_place(one: Indicator, found: Position, peers: PeerSet, called: CellNames) -> None:
    words, rank = language(), found.rank
    name = called.called.region(peers.own)
    if rank.place is None or found.median is None or found.value is None:
        tell("{name} has no place: {reason}", name=name,
             reason="" if found.reason is None else found.reason.text(words))  # fmt: skip
        return
    places = decimals_of(one.unit)

    def shown(value: float | None) -> str:
        return "—" if value is None else fixed(value, places, words)

    end = Label("由低到高", "lowest first") if rank.first == "lowest" else Label(
        "由高到低", "highest first")  # fmt: skip
    unit = PERCENTAGE_POINTS if one.unit is PERCENT else one.unit
    tell(
        "{name}: place {place} of {of} in {within}, {first}; {without} of the set have no figure",
        name=name, place=rank.place, of=rank.of, within=rank.within, first=end,
        without=rank.without,
    )  # fmt: skip
    tell(
        "of the set: lowest {lowest}, quartiles {lower} and {upper}, median {median}, highest "
        "{highest}; {name} is {distance} {unit} from the median",
        lowest=shown(found.lowest), lower=shown(found.lower), upper=shown(found.upper),
        median=shown(found.median), highest=shown(found.highest), name=name,
        distance=shown(found.to_median), unit=unit.label,
    )  # fmt: skip
