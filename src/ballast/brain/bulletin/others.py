"""What stands beside output: titles, machines and identifiers, trade, energy and carbon."""

from __future__ import annotations

from ballast.brain.bulletin.asking import Asked, Found, Notes, ask
from ballast.brain.bulletin.phrases import counted, direction, moved_on_year
from ballast.brain.bulletin.sentences import level, named, no_figure
from ballast.brain.bulletin.shape import Section
from ballast.brain.indicators.answer import Status
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.registry import INDICATORS
from ballast.terms.label import Label
from ballast.terms.period import Period, month, whole_year
from ballast.words import Sentence

__all__ = ["digitisation", "energy", "titles", "trade"]

_COUNTED = {
    "titles_national": ("项", "national titles"),
    "titles_provincial": ("项", "provincial titles"),
    "title_holders": ("家", "enterprises"),
}


def titles(asked: Asked, notes: Notes) -> Section:
    """Return the section of the ladder: titles held at the end of the period."""
    found = ask(asked, tuple(_COUNTED))
    sentences = [_held(notes, found, key) for key in _COUNTED]
    return Section("titles", Label("梯度培育", "The ladder of titles"), (tuple(sentences),))


def _held(notes: Notes, found: Found, key: str) -> Sentence:
    line = found.told(key)
    label = INDICATORS[key].label
    if line is None or line.value.status is not Status.PUBLISHED or line.value.value is None:
        return no_figure(found, key, label)
    places = {
        "what": label,
        "period": month(line.value.period.year, line.value.period.last_month).label,
        "value": notes.mark(counted(int(line.value.value), *_COUNTED[key]), found, line.value),
    }
    if line.published is None or direction(line.published) is None:
        return Sentence("{what}: {value} at the end of {period}.", places)
    places["change"] = moved_on_year(line.published)
    return Sentence("{what}: {value} at the end of {period}, {change}.", places)


def digitisation(asked: Asked, notes: Notes) -> Section:
    """Return the section of machines and identifiers: as they stand on the day it is made."""
    now = month(asked.today.year, asked.today.month)
    sentences = [
        _standing(asked, notes, "digitised_enterprises", now),
        _standing(asked, notes, "identifiers_registered", now),
        _standing(asked, notes, "identifiers_resolved", now),
    ]
    return Section("digitisation", Label("数字化", "Digitisation"), (tuple(sentences),))


_NOUNS = {
    "digitised_enterprises": ("家", "enterprises"),
    "identifiers_registered": ("个", "identifiers"),
    "identifiers_resolved": ("次", "resolutions"),
}


def _standing(asked: Asked, notes: Notes, key: str, now: Period) -> Sentence:
    found = ask(asked, (key,), period=now)
    line = found.told(key)
    if line is None or line.value.status is not Status.PUBLISHED or line.value.value is None:
        return no_figure(found, key, INDICATORS[key].label)
    return Sentence(
        "{what}: {value} in {period}.",
        {
            "what": INDICATORS[key].label,
            "period": now.label,
            "value": notes.mark(counted(int(line.value.value), *_NOUNS[key]), found, line.value),
        },
    )


def trade(asked: Asked, notes: Notes) -> Section:
    """Return the section of trade: deliveries of the period, customs figures of the last year."""
    found = ask(asked, ("exports", "export_share"))
    sentences = [level(notes, found, "exports"), level(notes, found, "export_share", again=True)]
    where = {Dimension.REGION: (asked.region,)}
    for key in ("foreign_exports", "foreign_imports"):
        for year in (asked.period.year - 1, asked.period.year - 2):
            customs = ask(asked, (key,), where=where, period=whole_year(year))
            if customs.published(key):
                break
        sentences.append(level(notes, customs, key, _city_wide(key)))
    return Section("trade", Label("外贸出口", "Exports"), (tuple(sentences),))


def _city_wide(key: str) -> Label:
    label = INDICATORS[key].label
    return Label(f"全市{label.zh}", f"{label.en} of the city")


def energy(asked: Asked, notes: Notes) -> Section:
    """Return the section of energy and carbon; carbon is an estimate, and says so in its name."""
    keys = "energy", "electricity", "energy_intensity", "carbon", "carbon_intensity"
    found = ask(asked, keys)
    sentences = [level(notes, found, key, named(key), again=at > 0) for at, key in enumerate(keys)]
    return Section("energy", Label("能耗与碳排放", "Energy and carbon"), (tuple(sentences),))
