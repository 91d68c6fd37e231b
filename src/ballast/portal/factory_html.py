"""Pieces that every part of the Factory page is put together from, as escaped markup.

What is shown of a shop floor is looked at for seconds, by somebody who stands:
a figure, what it is of, and one click to how it was made. The pieces are the
City page's own, so that both look alike; what is added here is named ``fa-``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from ballast.charts.figure import Figure, svg
from ballast.portal.data_html import Content, table_html
from ballast.portal.factory_words import WORDS
from ballast.portal.frame_address import go
from ballast.portal.story import Story
from ballast.terms.label import Language
from ballast.words.marks import SYNTHETIC
from ballast.words.numbers import grouped, percent, significant

__all__ = [
    "HALF",
    "PAGE",
    "PHONE",
    "WIDE",
    "Card",
    "Tile",
    "View",
    "absent",
    "answer",
    "badge",
    "capital",
    "card",
    "chooser",
    "figure_of",
    "hours",
    "number",
    "section",
    "sentence",
    "share",
    "spans",
    "tiles",
]

PAGE = "/factory"
_NOTHING = Markup()
WIDE, HALF, PHONE = 1040, 480, 340
"""Widths in which charts are drawn, in pixels."""


@dataclass(frozen=True, slots=True)
class View:
    """A part of the page, drawn in one language.

    Parameters
    ----------
    markup
        Everything below the choices.
    stories
        What stands behind its figures, by the key that the markup names.
    """

    markup: Markup
    stories: Mapping[str, Story]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure at the top of a part.

    Parameters
    ----------
    key
        Names its story.
    name, value, unit
        What it is, and how much.
    reason
        Why there is no value.
    more, when
        Two lines below it.
    """

    key: str
    name: str
    value: str
    unit: str = ""
    reason: str = ""
    more: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A chart, or a table that stands for itself.

    Parameters
    ----------
    key
        Names it in the page.
    heading
        The finding.
    subtitle
        Unit and period.
    source
        Where the figures come from.
    heads, rows
        The table behind it.
    drawn, phone
        Drawings for a desk and for a phone; empty where the table stands for itself.
    figures
        Columns that stand right.
    story
        What tells how it was made; empty for none.
    more
        Further markup below the drawing.
    """

    key: str
    heading: str
    subtitle: str
    source: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Content]]
    drawn: Markup = _NOTHING
    phone: Markup = _NOTHING
    figures: frozenset[int] = frozenset()
    story: str = ""
    more: Markup = _NOTHING


def figure_of(drawn: Figure, key: str) -> Markup:
    """Return a figure as markup for a page."""
    # Vega escapes every name that it draws; what comes back is markup.
    return Markup(svg(drawn, inline=True, key=key))  # noqa: S704


def badge(language: Language, *, synthetic: bool) -> Markup:
    """Return the mark of what is invented; nothing where it is real."""
    if not synthetic:
        return Markup()
    return Markup('<span class="badge">{}</span>').format(SYNTHETIC.text(language))


def absent(text: str, why: str) -> Markup:
    """Return the word that stands where there is no number, with the reason behind it."""
    return Markup('<abbr class="missing" title="{}">{}</abbr>').format(why, text)


def answer(sentences: Sequence[str]) -> Markup:
    """Return what the part says in words, before any figure."""
    said = Markup().join(Markup("<p>{}</p>").format(capital(one)) for one in sentences)
    return Markup('<div class="answer">{}</div>').format(said)


def tiles(shown: Sequence[Tile], language: Language) -> Markup:
    """Return the figures at the top of a part; each opens its story."""
    story = WORDS["story"].text(language)
    made = Markup().join(
        Markup(
            '<button type="button" class="card tile" data-story="{}"><span class="name">{}</span>'
            '<span class="value">{}</span>{}{}<span class="unseen">{}</span></button>'
        ).format(
            one.key,
            capital(one.name),
            absent(one.value, one.reason)
            if one.reason
            else Markup("{}<small>{}</small>").format(one.value, one.unit),
            Markup('<span class="when">{}</span>').format(one.more) if one.more else "",
            Markup('<span class="when">{}</span>').format(one.when) if one.when else "",
            story,
        )
        for one in shown
    )
    label = WORDS["headline"].text(language)
    return Markup('<section class="tiles fa-tiles" aria-label="{}">{}</section>').format(
        label, made
    )


def card(one: Card, language: Language) -> Markup:
    """Return a chart with its finding, its source and the table behind it."""
    heading = capital(one.heading)
    table = table_html(heading, one.heads, one.rows, figures=one.figures)
    story = (
        Markup(
            '<button type="button" class="plain-button" data-story="{}" aria-label="{}">{}</button>'
        ).format(
            one.story,
            f"{WORDS['story'].text(language)}: {heading}",
            WORDS["story"].text(language),
        )
        if one.story
        else Markup()
    )
    if one.drawn:
        body = (
            Markup('<div class="desk">{}</div><div class="phone">{}</div>').format(
                one.drawn, one.phone
            )
            if one.phone
            else Markup('<div class="one">{}</div>').format(one.drawn)
        )
        behind = Markup('<details class="behind"><summary>{}</summary>{}</details>').format(
            WORDS["table"].text(language), table
        )
    else:
        body, behind = table, Markup()
    return Markup(
        '<figure class="card" id="card-{}"><figcaption><h3>{}</h3><p>{}</p></figcaption>{}{}'
        '<p class="source">{}</p><div class="foot">{}</div>{}</figure>'
    ).format(one.key, heading, capital(one.subtitle), body, one.more, one.source, story, behind)


def capital(text: str) -> str:
    """Return a heading with a large first letter, where what it begins with is a name in small.

    Examples
    --------
    >>> capital("grinder 1 stood longest"), capital("磨床停机最久")
    ('Grinder 1 stood longest', '磨床停机最久')
    """
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Return a reason of the reports, which is told within a line there, as a sentence of its own.

    Examples
    --------
    >>> sentence("nothing was inspected"), sentence("没有检验任何产品。")
    ('Nothing was inspected.', '没有检验任何产品。')
    """
    if not text or (not text.isascii() and ord(text[0]) > 0x2E7F):
        return text
    return capital(text) + ("" if text[-1] in ".!?:。" else ".")


def section(title: str, *parts: Markup) -> Markup:
    """Return a section with its heading."""
    return Markup("<section><h2>{}</h2>{}</section>").format(title, Markup().join(parts))


def spans(
    offered: Sequence[tuple[str, str]], chosen: str, language: Language, **kept: str | None
) -> Markup:
    """Return the stretches of time to choose from, as links.

    Parameters
    ----------
    offered
        Name in the address, and what it is called.
    chosen
        The one that is shown.
    language
        The reader's.
    **kept
        The rest of the address.
    """
    entries = Markup().join(
        Markup('<li><a href="{}"{}>{}</a></li>').format(
            go(PAGE, **(kept | {"span": name})),
            Markup(' aria-current="true"') if name == chosen else Markup(),
            text,
        )
        for name, text in offered
    )
    label = WORDS["period"].text(language)
    return Markup('<nav aria-label="{}"><ul class="fa-spans">{}</ul></nav>').format(label, entries)


def chooser(
    fields: Sequence[tuple[str, str, Sequence[tuple[str, str]], str]],
    language: Language,
    **kept: str | None,
) -> Markup:
    """Return drop-downs that change the address, by the browser's own form.

    Parameters
    ----------
    fields
        Of each: the parameter, its label, the options (value and text), the one chosen.
    language
        The reader's.
    **kept
        The rest of the address.
    """
    hidden = Markup().join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, text)
        for name, text in kept.items()
        if text
    )
    drops = Markup().join(
        Markup(
            '<label class="bd-field"><span>{}</span><select name="{}">{}</select></label>'
        ).format(
            label,
            name,
            Markup().join(
                Markup('<option value="{}"{}>{}</option>').format(
                    value, Markup(" selected") if value == chosen else Markup(), text
                )
                for value, text in options
            ),
        )
        for name, label, options, chosen in fields
    )
    return Markup(
        '<form class="fa-choose" method="get" action="{}" data-filters>{}{}'
        '<button type="submit" class="bd-button">{}</button></form>'
    ).format(PAGE, hidden, drops, WORDS["show"].text(language))


def share(value: float | None) -> str:
    """Return a share as a percentage; nothing where there is none."""
    return "" if value is None else percent(value)


def hours(seconds: float, language: Language) -> str:
    """Return a time in hours with two decimals, as every table of the page writes it.

    Examples
    --------
    >>> hours(5400, "en")
    '1.50'
    """
    return grouped(Decimal(str(round(seconds / 3600, 2))).quantize(Decimal("0.01")), language)


def number(value: float, language: Language, digits: int = 4) -> str:
    """Return a measured value: whole numbers whole, others to some significant digits.

    Examples
    --------
    >>> number(12.0, "en"), number(12.34567, "en"), number(0.1, "en"), number(float("nan"), "en")
    ('12', '12.35', '0.1', 'NaN')
    """
    if value != value or value in (float("inf"), float("-inf")):
        return str(value).replace("nan", "NaN").replace("inf", "∞")
    exact = Decimal(repr(value))
    if exact == exact.to_integral_value() and abs(exact) < 10**15:
        return grouped(exact.quantize(Decimal(1)), language)
    if not Decimal("1e-6") <= abs(exact) < Decimal("1e15"):
        return f"{value:.{digits - 1}e}"
    rounded = significant(exact, digits)
    return grouped(Decimal(f"{rounded.normalize():f}"), language)
