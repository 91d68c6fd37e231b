"""The first part: level and growth of the headline, and the region's place in its province."""

from __future__ import annotations

from ballast.brain.bulletin.asking import Asked, Found, Notes, ask
from ballast.brain.bulletin.phrases import amount, direction, moved_on_year
from ballast.brain.bulletin.sentences import level, no_figure
from ballast.brain.bulletin.shape import Section
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.registry import INDICATORS
from ballast.terms.label import Label
from ballast.terms.period import Period, whole_year
from ballast.words import Sentence

__all__ = ["HEADLINE", "headline"]

_MADE = "output", "value_added", "employment", "labour_productivity"
_EARNED = "revenue", "profit", "margin", "rd_intensity"
HEADLINE = ("enterprises", *_MADE, *_EARNED)
_STANDING = "high_tech_share", "rd_intensity_society"


def headline(asked: Asked, notes: Notes, found: Found) -> Section:
    """Return the section of the headline; ``found`` holds the figures of ``HEADLINE``."""
    made = [_enterprises(notes, found)]
    made += [level(notes, found, key, again=True) for key in _MADE]
    earned = [level(notes, found, _EARNED[0])]
    earned += [level(notes, found, key, again=True) for key in _EARNED[1:]]
    stands = [s for key in _STANDING if (s := _standing(asked, notes, key)) is not None]
    paragraphs = tuple(tuple(one) for one in (made, earned, stands) if one)
    return Section("headline", Label("总体情况", "The whole"), paragraphs)


def _enterprises(notes: Notes, found: Found) -> Sentence:
    line = found.known("enterprises")
    if line is None:
        return no_figure(found, "enterprises", INDICATORS["enterprises"].label)
    count = int(line.value.value or 0)
    places = {
        "period": line.value.period.label,
        "count": notes.mark(Label(f"{count}家", f"{count:,}"), found, line.value),
    }
    if line.published is None or direction(line.published) is None:
        return Sentence("{count} industrial enterprises were above scale in {period}.", places)
    places["change"] = moved_on_year(line.published)
    return Sentence(
        "{count} industrial enterprises were above scale in {period}, {change}.", places
    )


def _standing(asked: Asked, notes: Notes, key: str) -> Sentence | None:
    """Return where the region stands among the cities of its province, by the newest year."""
    for year in range(asked.period.year, asked.period.year - 3, -1):
        found = _among_cities(asked, key, whole_year(year))
        line = None if found is None else found.known(key, region=asked.region)
        if found is None or line is None:
            continue
        places = {
            "what": INDICATORS[key].label,
            "period": line.value.period.label,
            "value": notes.mark(
                amount(line.value.value or 0, INDICATORS[key].unit), found, line.value
            ),
        }
        if line.rank is None or line.rank.place is None or line.rank.of < 2:
            return Sentence("{what} was {value} in {period}.", places)
        return Sentence(
            "{what} was {value} in {period}, place {place} among the {cities} cities of "
            "{province} with figures.",
            {
                **places,
                "place": Label(f"{line.rank.place}", f"{line.rank.place}"),
                "cities": line.rank.of,
                "province": asked.cells.label(Dimension.PROVINCE, asked.region[:2] + "0000"),
            },
        )
    return None


def _among_cities(asked: Asked, key: str, year: Period) -> Found | None:
    """Return the figures of all cities of the province, ranked; None where none has one."""
    every = ask(asked, (key,), (Dimension.REGION,), where={}, period=year)
    cities = sorted(
        code
        for line in every.published(key)
        if (code := line.value.cell[Dimension.REGION])[:2] == asked.region[:2]
        and code.endswith("00")
        and not code.endswith("0000")
    )
    if asked.region not in cities:
        return None
    where = {Dimension.REGION: tuple(cities)}
    return ask(asked, (key,), (Dimension.REGION,), where=where, period=year, rank=True)
