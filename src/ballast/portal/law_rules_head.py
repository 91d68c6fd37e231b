"""What stands around the rules of a law: its instrument, to whom it applies, when, which sectors.

Apart from the rules themselves, which are a tree: here are lists, each of one kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from ballast.brain.policy.law_shape import Instrument, Law, Sector, Version, Window
from ballast.brain.policy.shape import Words
from ballast.brain.policy.size import class_name
from ballast.brain.policy.telling_words import article_in
from ballast.brain.policy.versions import APPLICATION_LABELS
from ballast.portal.factory_html import capital
from ballast.portal.law_tree import unconfirmed
from ballast.portal.law_words import WORDS, amount_text
from ballast.terms.label import Label, Language
from ballast.terms.policy_fact import FACTS

__all__ = ["head_markup", "instrument_of", "mark", "sectors_markup", "text_of"]

_NOTHING = Markup()


def text_of(words: Words | None, language: Language) -> str:
    """Return words of a law in one language; an empty English text falls back to the Chinese."""
    if words is None:
        return ""
    return words.zh if language == "zh" else (words.en or words.zh)


def mark(language: Language, *, confirmed: bool) -> Markup:
    """Return the mark of what is unconfirmed; nothing where it is not."""
    return _NOTHING if confirmed else Markup(" {}").format(unconfirmed(language))


def instrument_of(law: Law, version: Version) -> Instrument | None:
    """Return the document that a version stands on."""
    return next((one for one in law.instruments if one.id == version.instrument), None)


def head_markup(law: Law, version: Version, language: Language) -> Markup:
    """Return title, number, dates and sources of a version, to whom it applies, and when.

    Parameters
    ----------
    law, version
        What is shown.
    language
        The reader's.
    """
    found = instrument_of(law, version)
    parts = [] if found is None else [_instrument(found, version, language)]
    parts += [_applies(version, language), _windows(version, language)]
    if version.note is not None:
        parts.append(Markup('<p class="lt-why">{}</p>').format(text_of(version.note, language)))
    return Markup().join(parts)


def _instrument(found: Instrument, version: Version, language: Language) -> Markup:
    def name(zh: str, en: str) -> str:
        return Label(zh, en).text(language)

    until = found.until.isoformat() if found.until else name("今", "today")
    lines: list[tuple[str, str]] = [
        (name("文号", "Number"), found.number),
        (name("发布机关", "Issued by"), text_of(found.issuer, language)),
        (name("施行", "In force"), f"{found.since.isoformat()} – {until}"),
    ]
    if found.issued is not None:
        lines.insert(2, (name("印发", "Issued"), found.issued.isoformat()))
    if version.annex:
        lines.append((name("附件", "Annex"), article_in(version.annex, language)))
    if version.valid_years:
        years = name("{}年", "{} years").format(version.valid_years)
        lines.append((name("有效期", "Valid"), years))
    if found.note is not None:
        lines.append((WORDS["note"].text(language), text_of(found.note, language)))
    if found.sources:
        lines.append((name("来源", "Sources"), " · ".join(found.sources)))
    told = Markup().join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(title, text) for title, text in lines
    )
    return Markup(
        '<h3 class="lt-name">{}</h3>{}<div class="lt-basis law-head"><dl>{}</dl></div>'
    ).format(text_of(found.title, language), mark(language, confirmed=found.confirmed), told)


def _applies(version: Version, language: Language) -> Markup:
    joint = Label("：", ": ").text(language)
    entries = Markup().join(
        Markup("<li><b>{}</b>{}{}{}</li>").format(
            f"{APPLICATION_LABELS[one.to].text(language)} {_span(one.since, one.until, language)}",
            joint,
            text_of(one.why, language),
            mark(language, confirmed=one.confirmed),
        )
        for one in version.applies
    )
    heading = Label("适用于", "Applies to").text(language)
    return Markup('<h4>{}</h4><ul class="law-applies">{}</ul>').format(heading, entries)


def _span(since: date, until: date | None, language: Language) -> str:
    if until is None:
        return Label("{} 起", "from {}").text(language).format(since.isoformat())
    return f"{since.isoformat()} – {until.isoformat()}"


def _windows(version: Version, language: Language) -> Markup:
    if not version.windows:
        return _NOTHING
    entries = Markup().join(_window(one, language) for one in version.windows)
    heading = Label("申报时间", "When applications are taken").text(language)
    return Markup('<h4>{}</h4><ul class="law-applies">{}</ul>').format(heading, entries)


def _window(one: Window, language: Language) -> Markup:
    every = Label("每年", "every year").text(language)
    years = WORDS["joint"].text(language).join(map(str, one.years)) or every
    return Markup("<li><b>{}</b> {} – {} · {}{} <small>{}</small></li>").format(
        text_of(one.label, language), one.opens, one.closes, years,
        mark(language, confirmed=one.confirmed), text_of(one.note, language),
    )  # fmt: skip


def sectors_markup(sectors: Sequence[Sector], language: Language) -> Markup:
    """Return the sectors of the size standard with the bounds of each class."""
    return Markup('<ul class="lt-list">{}</ul>').format(
        Markup().join(_sector(one, language) for one in sectors)
    )


def _sector(sector: Sector, language: Language) -> Markup:
    joint = Label(" 且 ", " and ").text(language)
    bounds = Markup().join(
        Markup("<li><span>{}</span> {}</li>").format(
            _class(bound.name, language),
            joint.join(
                f"{_measure(key, language)} ≥ "
                f"{amount_text(least, sector.units.get(key, ''), language)}"
                for key, least in bound.least.items()
            ),
        )
        for bound in sector.bounds
    )
    rest = Markup("<li><span>{}</span> {}</li>").format(
        _class(sector.otherwise, language), Label("其余", "the rest").text(language)
    )
    foot = " · ".join(
        text
        for text in (article_in(sector.article, language), text_of(sector.note, language))
        if text
    )
    return Markup(
        '<li class="lt-row"><p class="law-rule"><b>{}</b>{} <small>{}</small></p>'
        '<ul class="law-bands">{}{}</ul><p class="lt-why">{}</p></li>'
    ).format(
        capital(text_of(sector.label, language)), mark(language, confirmed=sector.confirmed),
        ", ".join(sector.industries), bounds, rest, foot,
    )  # fmt: skip


def _class(name: str, language: Language) -> str:
    return class_name(name).text(language)


def _measure(key: str, language: Language) -> str:
    declared = FACTS.get(key)
    return key if declared is None else declared.label.text(language)
