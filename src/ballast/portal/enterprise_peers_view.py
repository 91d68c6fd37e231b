"""The place among peers as markup: each measure a line with the middle half of the set drawn."""

from __future__ import annotations

from markupsafe import Markup

from ballast.brain.enterprise_shape import EnterpriseProfile, PeerMeasure, PeerSet
from ballast.charts.strip import strip
from ballast.portal.data_html import Content, table_html
from ballast.portal.enterprise_story import members_text, peer_key
from ballast.portal.enterprise_words import WORDS, quantile_text, value_text
from ballast.portal.factory_html import absent, section
from ballast.portal.picture_words import absent_reason
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.numbers import Absence

__all__ = ["position_part"]

_QUARTERS = (
    Label("最低四分之一", "lowest quarter"),
    Label("中位以下", "below the middle"),
    Label("中位以上", "above the middle"),
    Label("最高四分之一", "highest quarter"),
)


def position_part(profile: EnterpriseProfile, source: str, language: Language) -> Markup:
    """Return the section on the place among peers, or why there is none.

    Parameters
    ----------
    profile, language
        What is shown, and in which language.
    source
        Where the figures come from.
    """
    title = say("Among its peers", language)
    peers = profile.position.peers
    if peers is None:
        why = profile.position.why
        text = say(
            "There is no place among peers: {why}.",
            language,
            why="" if why is None else why.text(language),
        )
        return section(title, Markup('<p class="bd-note">{}</p>').format(text))
    measures = profile.position.measures
    lines = Markup().join(_line(one, language) for one in measures)
    heading = f"{peers.label.text(language)} · {peers.year.label.text(language)}"
    about = say(
        "{members} that reported the whole year; the band holds the middle half of them, the line "
        "their middle, the dot is this enterprise.",
        language,
        members=_capital(members_text(peers, language)),
    )
    behind = Markup('<details class="behind"><summary>{}</summary>{}</details>').format(
        WORDS["table"].text(language), _table(measures, heading, peers, language)
    )
    card = Markup(
        '<figure class="card" id="card-peers"><figcaption><h3>{}</h3><p>{}</p></figcaption>'
        '<ul class="en-peers">{}</ul><p class="source">{}</p>{}</figure>'
    ).format(heading, about, lines, source, behind)
    return section(title, card)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _line(one: PeerMeasure, language: Language) -> Markup:
    own = value_text(one.own, one.unit, one.absence, language)
    value: Content = str(own)
    if one.own is None:
        value = absent(own.number, absent_reason(one.absence or Absence.NO_DATA, language))
    return Markup(
        '<li><button type="button" class="told en-measure" data-story="{}">{}</button>'
        '<span class="en-own">{}</span>{}<span class="en-where">{}</span></li>'
    ).format(
        peer_key(one), one.label.text(language), value, _drawn(one, language), _where(one, language)
    )


def _drawn(one: PeerMeasure, language: Language) -> Markup:
    low, middle, high = (q.value for q in one.quantiles)
    if low is None or middle is None or high is None:
        why = next((q.why for q in one.quantiles if q.why is not None), None)
        text = Absence.SUPPRESSED.label.text(language)
        reason = "" if why is None else why.text(language)
        return Markup('<span class="en-strip">{}<small>{}</small></span>').format(
            absent(text, reason), reason
        )
    told = say(
        "{measure}: the middle half of the peers from {low} to {high}",
        language,
        measure=one.label,
        low=quantile_text(low, one.unit, language),
        high=quantile_text(high, one.unit, language),
    )
    ends = Markup("<small><span>{}</span><span>{}</span><span>{}</span></small>").format(
        *(
            f"{part} {quantile_text(value, one.unit, language)}"
            for part, value in zip("¼½¾", (low, middle, high), strict=True)
        )
    )
    drawn = Markup(strip(low, middle, high, one.own, told))  # noqa: S704  escaped where it is made
    return Markup('<span class="en-strip">{}{}</span>').format(drawn, ends)


def _where(one: PeerMeasure, language: Language) -> str:
    parts = [] if one.quarter is None else [_QUARTERS[one.quarter - 1].text(language)]
    if one.rank is not None:
        parts.append(say("place {rank} of {of}", language, rank=one.rank, of=one.of))
    return " · ".join(parts)


def _table(
    measures: tuple[PeerMeasure, ...], heading: str, peers: PeerSet, language: Language
) -> Markup:
    heads = [
        WORDS[name].text(language)
        for name in ("figure", "own", "lower", "middle", "upper", "standing")
    ]
    if peers.exact:
        heads.append(WORDS["rank"].text(language))
    rows: list[list[Content]] = []
    for one in measures:
        row: list[Content] = [
            one.label.text(language),
            str(value_text(one.own, one.unit, one.absence, language)),
            *(_quantile(one, at, language) for at in range(len(one.quantiles))),
            "" if one.quarter is None else _QUARTERS[one.quarter - 1].text(language),
        ]
        if peers.exact:
            row.append("" if one.rank is None else f"{one.rank} / {one.of}")
        rows.append(row)
    return table_html(heading, heads, rows, figures=frozenset(range(1, 5)))


def _quantile(one: PeerMeasure, at: int, language: Language) -> Content:
    held = one.quantiles[at]
    if held.value is not None:
        return quantile_text(held.value, one.unit, language)
    why = "" if held.why is None else held.why.text(language)
    return absent(Absence.SUPPRESSED.label.text(language), why)
