"""The story of each figure of an enterprise: formula, parts, base, sources, who may see it."""

from __future__ import annotations

from ballast.brain.disclosure.quantiles import window
from ballast.brain.disclosure.rules import PrimaryRules
from ballast.brain.enterprise_shape import (
    EnterpriseFigure,
    EnterpriseProfile,
    Number,
    PeerMeasure,
    PeerSet,
)
from ballast.portal.enterprise_words import WORDS, change_text, quantile_text, value_text
from ballast.portal.picture_words import absent_reason
from ballast.portal.story import Line, Story
from ballast.terms.label import Label, Language
from ballast.terms.unit import Unit
from ballast.words import say
from ballast.words.marks import SYNTHETIC
from ballast.words.numbers import Absence, exact

__all__ = ["members_text", "peer_key", "stories"]

_MOST_LOADS = 12
_FORMULA = Label("公式", "Formula")
_PARTS = Label("构成", "Made of")
_PERIOD = Label("时期", "Period")
_CHANGE = Label("同比", "Change")
_BASE = Label("基数", "Compared with")
_SAMPLE = Label("比较范围", "Compared among")
_QUARTERS = Label("四分位", "Quarters")
_STATUS = Label("公布状态", "Disclosure")
_SOURCES = Label("来源", "Sources")
_INTERFACE = Label("接口", "Interface")


def peer_key(measure: PeerMeasure) -> str:
    """Return under which key the story of a measure among peers stands."""
    return f"peers-{measure.key}"


def stories(profile: EnterpriseProfile, language: Language) -> dict[str, Story]:
    """Return the stories of every figure of a profile, by their key in the page.

    Parameters
    ----------
    profile
        What the page shows; a story knows no more than it.
    language
        To tell them in.
    """
    found = {one.key: _figure(one, profile, language) for one in profile.figures}
    peers = profile.position.peers
    if peers is not None:
        for measure in profile.position.measures:
            found[peer_key(measure)] = _measure(measure, peers, profile, language)
    return found


def _figure(one: EnterpriseFigure, profile: EnterpriseProfile, language: Language) -> Story:
    parts: tuple[str, ...] = ()
    if one.numerator is not None and one.denominator is not None:
        above, below = one.formula.text(language).split(" ÷ ", 1)
        below = below.split("（")[0].split(", ")[0]
        units = _units(one, profile)
        parts = (
            f"{above}: {_exact(one.numerator, units[0], language)}",
            f"{below}: {_exact(one.denominator, units[1], language)}",
        )
    base = one.base.label.text(language)
    return Story(
        one.key,
        one.label.text(language),
        str(value_text(one.value, one.unit, one.absence, language)),
        "" if one.value is not None else absent_reason(one.absence or Absence.NO_DATA, language),
        _lines(
            [
                (_FORMULA, (one.formula.text(language),)),
                (_PARTS, parts),
                (_PERIOD, (one.period.label.text(language),)),
                (_CHANGE, (change_text(one, language),)),
                (_BASE, (f"{base}: {_exact(one.base_value, one.unit, language)}",)),
                (_STATUS, (_own_status(language),)),
                *_common(profile, language),
            ],
            language,
        ),
        profile.synthetic,
    )


def _units(one: EnterpriseFigure, profile: EnterpriseProfile) -> tuple[Unit, Unit]:
    """Return the units of a ratio's two parts, by the figures that they are."""
    held = {(f.value, f.period): f.unit for f in profile.figures if f.numerator is None}
    above = held.get((one.numerator, one.period), one.unit)
    return above, held.get((one.denominator, one.period), one.unit)


def _measure(
    one: PeerMeasure, peers: PeerSet, profile: EnterpriseProfile, language: Language
) -> Story:
    names = (WORDS["lower"], WORDS["middle"], WORDS["upper"])
    quarters = tuple(
        f"{name.text(language)}: "
        + (
            quantile_text(q.value, one.unit, language)
            if q.value is not None
            else q.why.text(language)
            if q.why is not None
            else Absence.NO_DATA.label.text(language)
        )
        for name, q in zip(names, one.quantiles, strict=True)
    )
    shielded = say(
        "each quarter is the mean of {count} enterprises around it, rounded to two digits, so that "
        "it tells of none of them",
        language,
        count=window(PrimaryRules()),
    )
    return Story(
        peer_key(one),
        one.label.text(language),
        str(value_text(one.own, one.unit, one.absence, language)),
        "" if one.own is not None else absent_reason(one.absence or Absence.NO_DATA, language),
        _lines(
            [
                (_FORMULA, (one.formula.text(language),)),
                (_PERIOD, (peers.year.label.text(language),)),
                (_SAMPLE, (peers.label.text(language), members_text(peers, language))),
                (_QUARTERS, (*quarters, shielded)),
                (_STATUS, (_own_status(language),)),
                *_common(profile, language),
            ],
            language,
        ),
        profile.synthetic,
    )


def members_text(peers: PeerSet, language: Language) -> str:
    """Return how many peers there are; to readers without the right to units, at least."""
    if peers.exact:
        return say("{count} enterprises", language, count=peers.members)
    return say("at least {count} enterprises", language, count=peers.members)


def _own_status(language: Language) -> str:
    return say(
        "unit data: seen by the enterprise, by the operator of its cluster if it agreed, and by "
        "analysts; published to nobody",
        language,
    )


def _common(profile: EnterpriseProfile, language: Language) -> list[tuple[Label, tuple[str, ...]]]:
    mark = SYNTHETIC.text(language)
    loads = tuple(
        f"{source.load_id} · {source.at:%Y-%m-%d}" + (f" · {mark}" if source.synthetic else "")
        for source in profile.sources[-_MOST_LOADS:]
    )
    return [(_SOURCES, loads), (_INTERFACE, (f"/api/v1/enterprises/{profile.standing.uscc}",))]


def _exact(value: Number | None, of: Unit, language: Language) -> str:
    if value is None:
        return Absence.NO_DATA.label.text(language)
    return str(exact(value, of, language))


def _lines(told: list[tuple[Label, tuple[str, ...]]], language: Language) -> tuple[Line, ...]:
    return tuple(
        Line(name.text(language), texts, code=name is _INTERFACE) for name, texts in told if texts
    )
