"""The Cluster page as markup: the overview of a region, and one cluster or industry.

Pure: what is drawn is given, nothing is read. Where another reference, another
kind or a profile is to be seen, there is a link with its address: a page that
somebody sends to a colleague shows what its sender saw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ballast.brain.cluster_shape import (
    PART_LABELS,
    ClusterBook,
    Kind,
    Profile,
    ShiftShare,
)
from ballast.charts.figure import svg
from ballast.portal import cluster_words as words
from ballast.portal.city_words import shared_words
from ballast.portal.cluster_charts import (
    growth_steps,
    members_steps,
    places_chart,
    scatter_chart,
)
from ballast.portal.cluster_tables import (
    Address,
    growth_table,
    heads_of,
    industries_table,
    places_table,
    sizes_table,
    turnover_table,
)
from ballast.portal.picture_chart import Chart
from ballast.portal.refusal import PAGES
from ballast.terms.label import Language
from ballast.words import say
from ballast.words.numbers import Absence

__all__ = ["Card", "cards_html", "overview_html", "profile_html"]

WIDE, PHONE, HALF = 1040, 340, 480
_NO_DATA = Absence.NO_DATA.label


@dataclass(frozen=True, slots=True)
class Card:
    """One piece of evidence: a drawing with its table, or a table alone.

    Parameters
    ----------
    key
        Names it in the page.
    heading, subtitle, source
        The finding; unit and period; where it comes from.
    heads, rows
        The table; only a ``Markup`` is taken as HTML.
    names
        How many columns from the left hold names.
    desk, phone
        The drawing, where there is one.
    wide
        Whether it stands across the page.
    links
        What else the figures can be seen as: text, address, whether it is this.
    """

    key: str
    heading: str
    subtitle: str
    source: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str | Markup, ...], ...]
    names: int = 1
    desk: Markup | None = None
    phone: Markup | None = None
    wide: bool = False
    links: tuple[tuple[str, str, bool], ...] = ()


def cards_html(cards: list[Card], language: Language) -> str:
    """Return cards side by side, escaped.

    Parameters
    ----------
    cards
        In order.
    language
        The reader's.
    """
    page = PAGES.get_template("cluster_cards.html.j2")
    return page.render(cards=cards, **shared_words(language))


def overview_html(book: ClusterBook, kind: Kind, language: Language, address: Address) -> str:
    """Return the clusters, divisions or groups of a region: who is large, special, growing.

    Parameters
    ----------
    book
        What is shown.
    kind
        Which of them.
    language
        The reader's.
    address
        Makes addresses of this page.
    """
    cards = []
    drawn = scatter_chart(book, kind, language)
    if drawn is not None:
        heads, rows = sizes_table(book, kind, language, address)
        cards.append(_drawn(drawn, heads, rows, names=3 if kind is Kind.CLUSTER else 2))
    found = (
        _sizes_card(book, language, address) if kind is Kind.CLUSTER else None,
        _growth_card(book, kind, language, address),
    )
    cards += [card for card in found if card is not None]
    page = PAGES.get_template("cluster_top.html.j2")
    top = page.render(
        heading="",
        back="",
        facts=(),
        book=book,
        region=book.label.text(language),
        year="" if book.year is None else book.year.label.text(language),
        answer=words.overview_answer(book, kind, language),
        tiles=(),
        **shared_words(language),
    )
    return top + cards_html(cards, language)


def profile_html(
    book: ClusterBook,
    profile: Profile,
    reference: str,
    language: Language,
    address: Address,
    more: Sequence[Card] = (),
) -> str:
    """Return one cluster or industry: its size, its growth taken apart, its places.

    Parameters
    ----------
    book, profile
        What is shown.
    reference
        Code of the economy that growth is set against; the first that is known where it is none.
    language
        The reader's.
    address
        Makes addresses of this page.
    more
        Cards that stand at the end.
    """
    page = PAGES.get_template("cluster_top.html.j2")
    top = page.render(
        heading=profile.label.text(language),
        back=address(key=None, kind=profile.kind.value),
        back_text=words.KINDS[profile.kind].text(language),
        facts=_facts(profile, language),
        book=book,
        region=book.label.text(language),
        year="" if book.year is None else book.year.label.text(language),
        answer=words.profile_answer(profile, book, language),
        tiles=_tiles(profile, book, language),
        **shared_words(language),
    )
    cards = [*_growth_cards(book, profile, reference, language, address)]
    if profile.places:
        drawn = places_chart(book, profile, language)
        heads, rows = places_table(profile.places, language)
        if drawn is not None:
            cards.append(_drawn(drawn, heads, rows))
    return top + cards_html([*cards, *more], language)


def _facts(profile: Profile, language: Language) -> tuple[tuple[str, str], ...]:
    found = []
    if profile.place_label is not None:
        found.append((words.HEADS["place"].text(language), profile.place_label.text(language)))
    if profile.kind is not Kind.CLUSTER:
        found.append((words.HEADS["code"].text(language), profile.key))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Tile:
    name: str
    value: str
    more: str
    reason: str = ""


def _tiles(profile: Profile, book: ClusterBook, language: Language) -> tuple[_Tile, ...]:
    year = "" if book.year is None else book.year.label.text(language)
    base = profile.quotient_base
    against = "" if base is None else say("against {reference}", language, reference=base)
    tiles = [
        _Tile(
            words.HEADS["revenue"].text(language),
            words.money(profile.revenue, language),
            f"{words.growth(profile.growth, language)} · {year}",
        ),
        _Tile(
            words.HEADS["tier"].text(language),
            (profile.tier or _NO_DATA).text(language),
            say("by revenue of the year", language),
        ),
        _Tile(
            words.HEADS["quotient"].text(language),
            words.quotient(profile.quotient, language),
            against,
        ),
        _Tile(
            words.HEADS["enterprises"].text(language),
            str(profile.enterprises),
            say("{count} reported a revenue", language, count=profile.enterprises_reporting),
        ),
        _Tile(
            words.HEADS["persons"].text(language),
            words.persons(profile.persons, language),
            say("at the end of the year", language),
        ),
    ]
    if profile.kind is Kind.CLUSTER:
        tiles.insert(
            2,
            _Tile(
                words.HEADS["stars"].text(language),
                words.stars_signs(profile.stars, language),
                words.star_names(profile.stars, language),
            ),
        )
    return tuple(tiles)


def _growth_cards(
    book: ClusterBook, profile: Profile, reference: str, language: Language, address: Address
) -> list[Card]:
    cards = []
    chosen = next(
        (each for each in profile.parts if each.reference == reference),
        profile.parts[0] if profile.parts else None,
    )
    if chosen is not None:
        links = tuple(
            (each.reference_label.text(language), address(ref=each.reference), each is chosen)
            for each in profile.parts
        )
        cards.append(_parts_card(book, chosen, language, links if len(links) > 1 else ()))
    if profile.turnover is not None:
        drawn = members_steps(book, profile.turnover, language)
        heads, rows = turnover_table(profile.turnover, language)
        if drawn is not None:
            cards.append(_drawn(drawn, heads, rows))
    if chosen is not None and len(chosen.industries) > 1:
        cards.append(_industries_card(book, profile, chosen, language, address))
    return cards


def _parts_card(
    book: ClusterBook,
    parts: ShiftShare,
    language: Language,
    links: tuple[tuple[str, str, bool], ...],
) -> Card:
    heads = heads_of(("part", "amount", "points"), language)
    rows = [
        (
            PART_LABELS[part.key].text(language),
            words.money(part.amount, language),
            words.points(part.points, language, bare=True),
        )
        for part in parts.parts
    ]
    rows.append(
        (
            say("change of output", language),
            words.money(parts.change, language),
            words.points(parts.growth, language, bare=True),
        )
    )
    drawn = growth_steps(book, parts, language)
    if drawn is not None:
        return _drawn(drawn, heads, tuple(rows), links=links)
    return Card(
        "growth",
        words.growth_finding(parts, language),
        "",
        words.source_line(book, language),
        heads,
        tuple(rows),
        links=links,
    )


def _industries_card(
    book: ClusterBook, profile: Profile, parts: ShiftShare, language: Language, address: Address
) -> Card:
    heads, rows = industries_table(parts, language, address)
    return Card(
        "industries",
        words.moved_finding(profile, language) or say("What it is made of", language),
        say(
            "Output by industry, {year}; growth beside that of {reference}",
            language,
            year=Absence.NO_DATA.label if book.year is None else book.year.label,
            reference=parts.reference_label,
        ),
        words.source_line(book, language),
        heads,
        rows,
        names=2,
        wide=True,
    )


def _sizes_card(book: ClusterBook, language: Language, address: Address) -> Card | None:
    held = book.of(Kind.CLUSTER)
    if not held or book.year is None:
        return None
    heads, rows = sizes_table(book, Kind.CLUSTER, language, address)
    return Card(
        "sizes",
        words.stars_finding(held, language),
        say(
            "A star each for size, specialisation and focus by persons employed, among the places "
            "of the region; {year}",
            language,
            year=book.year.label,
        ),
        words.source_line(book, language),
        heads,
        rows,
        names=3,
        wide=True,
    )


def _growth_card(
    book: ClusterBook, kind: Kind, language: Language, address: Address
) -> Card | None:
    known = [p for p in book.of(kind) if p.parts]
    if not known or book.year is None:
        return None
    heads, rows = growth_table(book, kind, language, address)
    return Card(
        "growth",
        say("What made each of them grow", language),
        say(
            "Growth of output in {year} and its parts against {reference}, which sum to it; "
            "enterprises that entered and left the above-scale scope",
            language,
            year=book.year.label,
            reference=known[0].parts[0].reference_label,
        ),
        words.source_line(book, language),
        heads,
        rows,
        wide=True,
    )


def _drawn(
    chart: Chart,
    heads: tuple[str, ...],
    rows: tuple[tuple[str | Markup, ...], ...],
    *,
    names: int = 1,
    links: tuple[tuple[str, str, bool], ...] = (),
) -> Card:
    def markup(width: int, key: str) -> Markup:
        # Vega escapes every name it draws; what comes back is markup.
        return Markup(svg(chart.draw(width), inline=True, key=key))  # noqa: S704

    return Card(
        chart.key,
        chart.heading,
        chart.subtitle,
        chart.source,
        heads,
        rows,
        names=names,
        desk=markup(WIDE if chart.wide else HALF, chart.key),
        phone=markup(PHONE, f"{chart.key}-phone"),
        wide=chart.wide,
        links=links,
    )
