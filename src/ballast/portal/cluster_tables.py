"""The tables of the Cluster page: rows of text, because a table is read and copied.

Apart from the cards that hold them: what a column says of a profile is one
thing, what stands beside it on the page another.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from ballast.brain.cluster_shape import (
    ClusterBook,
    Kind,
    PlaceRow,
    Profile,
    ShiftShare,
    Stars,
    Turnover,
)
from ballast.portal import cluster_words as words
from ballast.portal.picture_words import tier_text
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.numbers import Absence

__all__ = [
    "Address",
    "Table",
    "growth_table",
    "heads_of",
    "industries_table",
    "places_table",
    "sizes_table",
    "turnover_table",
]

Address = Callable[..., str]
"""Takes the parts of an address by name and returns it with the page's other filters kept."""

Table = tuple[tuple[str, ...], tuple[tuple[str | Markup, ...], ...]]
"""Heads, and rows of cells; only a ``Markup`` is taken as HTML."""

_NO_DATA = Absence.NO_DATA.label


def heads_of(names: tuple[str, ...], language: Language) -> tuple[str, ...]:
    """Return the heads of columns."""
    return tuple(words.HEADS[name].text(language) for name in names)


def _name(profile: Profile, language: Language, address: Address) -> Markup:
    link = address(kind=profile.kind.value, key=profile.key)
    return Markup('<a href="{}">{}</a>').format(link, profile.label.text(language))


def sizes_table(book: ClusterBook, kind: Kind, language: Language, address: Address) -> Table:
    """Return the profiles of a kind with size, tier, stars and quotient; each name is a link."""
    cluster = kind is Kind.CLUSTER
    names = [
        *(["name", "place", "stars"] if cluster else ["name", "code"]),
        "tier", "quotient", "revenue", "growth", "enterprises", "persons",
    ]  # fmt: skip
    rows = []
    for p in book.of(kind):
        place = _NO_DATA if p.place_label is None else p.place_label
        own = (place.text(language), words.stars_signs(p.stars, language)) if cluster else (p.key,)
        rows.append(
            (
                _name(p, language, address),
                *own,
                _NO_DATA.text(language) if p.tier is None else tier_text(p.tier, language),
                words.quotient(p.quotient, language),
                words.money(p.revenue, language),
                words.number(p.growth, 2, language),
                str(p.enterprises),
                words.persons(p.persons, language),
            )
        )
    return heads_of(tuple(names), language), tuple(rows)


def industries_table(parts: ShiftShare, language: Language, address: Address) -> Table:
    """Return the industries of a profile beside the reference; each name is a link."""
    names = ("code", "industry", "output_before", "output", "growth", "peer_growth")
    kinds = {2: Kind.DIVISION, 3: Kind.GROUP}
    rows = []
    for row in parts.industries:
        name: str | Markup = row.label.text(language)
        if (kind := kinds.get(len(row.code))) is not None:
            link = address(kind=kind.value, key=row.code)
            name = Markup('<a href="{}">{}</a>').format(link, name)
        rows.append(
            (
                row.code,
                name,
                words.money(row.start, language),
                words.money(row.end, language),
                words.number(row.growth, 2, language),
                words.number(row.peer_growth, 2, language),
            )
        )
    return heads_of(names, language), tuple(rows)


def growth_table(book: ClusterBook, kind: Kind, language: Language, address: Address) -> Table:
    """Return what made each profile grow, fastest first; each name is a link."""
    known = [p for p in book.of(kind) if p.parts]
    names = ("name", "growth", "national", "industry_mix", "shift", "new", "entered", "left")
    rows = []
    for p in sorted(known, key=lambda p: -(p.parts[0].growth or 0.0)):
        parts, shift = p.parts[0], p.parts[0].shift
        points = {part.key.value: part.points for part in parts.parts}
        rows.append(
            (
                _name(p, language, address),
                words.number(parts.growth, 2, language),
                words.number(points.get("national"), 2, language),
                words.number(points.get("industry_mix"), 2, language),
                words.number(None if shift is None else shift.points, 2, language),
                words.number(points.get("entered"), 2, language),
                _NO_DATA.text(language) if p.turnover is None else str(p.turnover.entered),
                _NO_DATA.text(language) if p.turnover is None else str(p.turnover.left),
            )
        )
    return heads_of(names, language), tuple(rows)


def turnover_table(turnover: Turnover, language: Language) -> Table:
    """Return who made the growth: those that stayed, entered, left, and their sum."""
    heads = heads_of(("who", "count", "points"), language)
    who = (
        (Label("两年均在统计范围", "in scope in both years"), "stayed"),
        (Label("本年新入统", "entered the scope"), "entered"),
        (Label("退出统计范围", "left the scope"), "left"),
    )
    rows = [
        (
            label.text(language),
            str(getattr(turnover, name)),
            words.points(getattr(turnover, f"from_{name}"), language, bare=True),
        )
        for label, name in who
    ]
    rows.append(
        (
            say("growth of published levels", language),
            str(turnover.stayed + turnover.entered),
            words.points(turnover.growth_published, language, bare=True),
        )
    )
    return heads, tuple(rows)


def places_table(places: tuple[PlaceRow, ...], language: Language) -> Table:
    """Return the same industries in every place, with the three stars."""
    stars = ("size", "specialisation", "focus")
    heads = heads_of(("place", "persons", "share", "quotient", *stars), language)
    return heads, tuple(
        (
            place.label.text(language),
            words.persons(place.persons, language),
            words.share(place.share, language),
            words.quotient(place.quotient, language),
            *(_star(place.stars, name, language) for name in stars),
        )
        for place in places
    )


def _star(stars: Stars, name: str, language: Language) -> str:
    held = getattr(stars, name)
    return Absence.UNDEFINED.label.text(language) if held is None else "★" if held else "☆"
