"""What stands beside output: titles, machines and identifiers, trade, energy and carbon."""

from __future__ import annotations

from ballast.brain.bulletin.asking import Asked, Found, Notes, ask
from ballast.brain.bulletin.phrases import counted, direction, moved_on_year
from ballast.brain.bulletin.sentences import level, named, no_figure, of_last_year
from ballast.brain.bulletin.shape import Section
from ballast.brain.indicators.registry import INDICATORS
from ballast.brain.policy.pool import pool
from ballast.brain.policy.pool_shape import Pool, PoolCell, Standing
from ballast.brain.policy.reading import laws
from ballast.errors import NotFound, NotPermitted
from ballast.terms.label import Label
from ballast.terms.period import Period, month
from ballast.terms.viewer import PUBLIC
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
    title = Label("梯度培育", "The ladder of titles")
    try:
        # The sealed counts for every reader: to survey all enterprises takes as long as the rest.
        reached = pool(asked.lake, PUBLIC, laws(), asked.today)
    except (NotFound, NotPermitted):  # nothing is sealed, or no enterprise is registered
        return Section("titles", title, (tuple(sentences),))
    near = [s for cell in reached.cells if (s := _near(notes, reached, cell)) is not None]
    notes.synthetic = notes.synthetic or reached.synthetic
    paragraphs = (tuple(sentences), tuple(near)) if near else (tuple(sentences),)
    return Section("titles", title, paragraphs)


def _near(notes: Notes, reached: Pool, cell: PoolCell) -> Sentence | None:
    """Return who could have a title next; None where nobody could, or it is not the whole."""
    rung = next(each for each in reached.rungs if each.scheme == cell.scheme)
    ready, near = cell.count(Standing.ELIGIBLE), cell.count(Standing.NEAR)
    if not cell.whole or ready is None or near is None:
        return None
    if ready.value is None or near.value is None:
        return Sentence(
            "Title of {what}: how many could have it next is withheld.", {"what": rung.label}
        )
    if not ready.value and not near.value:
        return None
    day = f"{reached.day:%Y-%m-%d}"
    told = notes.other(
        counted(ready.value, "家", "enterprises"),
        what=Label(f"{rung.label.zh}后备企业", f"who could be {rung.label.en} next"),
        period=Label(day, day),
        sample=Label(f"按{rung.instrument}判定", f"judged by {rung.instrument}"),
        command=f"ballast policy pool --scheme {rung.scheme} --day {day} --public",
    )
    return Sentence(
        "Title of {what}: {ready} meet every criterion and {near} lack one.",
        {"what": rung.label, "ready": told, "near": Label(f"{near.value}家", f"{near.value:,}")},
    )


def _held(notes: Notes, found: Found, key: str) -> Sentence:
    line, label = found.known(key), INDICATORS[key].label
    if line is None:
        return no_figure(found, key, label)
    places = {
        "what": label,
        "period": month(line.value.period.year, line.value.period.last_month).label,
        "value": notes.mark(counted(int(line.value.value or 0), *_COUNTED[key]), found, line.value),
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
    line = found.known(key)
    if line is None:
        return no_figure(found, key, INDICATORS[key].label)
    return Sentence(
        "{what}: {value} in {period}.",
        {
            "what": INDICATORS[key].label,
            "period": now.label,
            "value": notes.mark(
                counted(int(line.value.value or 0), *_NOUNS[key]), found, line.value
            ),
        },
    )


def trade(asked: Asked, notes: Notes) -> Section:
    """Return the section of trade: deliveries of the period, customs figures of the last year."""
    found = ask(asked, ("exports", "export_share"))
    sentences = [level(notes, found, "exports"), level(notes, found, "export_share", again=True)]
    sentences += [of_last_year(asked, notes, key) for key in ("foreign_exports", "foreign_imports")]
    return Section("trade", Label("外贸出口", "Exports"), (tuple(sentences),))


def energy(asked: Asked, notes: Notes) -> Section:
    """Return the section of energy and carbon; carbon is an estimate, and says so in its name."""
    keys = "energy", "electricity", "energy_intensity", "carbon", "carbon_intensity"
    found = ask(asked, keys)
    sentences = [level(notes, found, key, named(key), again=at > 0) for at, key in enumerate(keys)]
    return Section("energy", Label("能耗与碳排放", "Energy and carbon"), (tuple(sentences),))
