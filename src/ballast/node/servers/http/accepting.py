"""What a client would rather have: JSON or a page, Chinese or English (RFC 9110, section 12.5)."""

from __future__ import annotations

from functools import lru_cache

from ballast.terms.label import Language

__all__ = ["language_of", "wants_json"]

_MOST = 32


def _weights(header: str) -> list[tuple[str, float]]:
    """Return what a header names, with its weight; what is no weight counts as none."""
    found = []
    for part in header.split(",")[:_MOST]:
        name, *parameters = [piece.strip() for piece in part.split(";")]
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                try:
                    weight = float(value)
                except ValueError:
                    weight = 0.0
        if name:
            # "nan" compares as nothing at all, "inf" as more than everything.
            found.append((name.lower(), weight if 0.0 <= weight <= 1.0 else 0.0))
    return found


def _weight(weights: list[tuple[str, float]], kind: str) -> float:
    """Return the weight of a media type: that of its closest range."""
    told = dict(reversed(weights))
    for name in (kind, kind.partition("/")[0] + "/*", "*/*"):
        if name in told:
            return told[name]
    return 0.0


@lru_cache(1024)
def wants_json(accept: str) -> bool:
    """Tell whether JSON is preferred to a page.

    Parameters
    ----------
    accept
        The ``Accept`` header; empty where there is none.

    Examples
    --------
    >>> wants_json("application/json"), wants_json("*/*"), wants_json("")
    (True, False, False)
    >>> wants_json("text/html,application/xhtml+xml,application/json;q=0.9")
    False
    """
    weights = _weights(accept)
    return _weight(weights, "application/json") > _weight(weights, "text/html")


@lru_cache(1024)
def language_of(asked: str, accept: str) -> Language:
    """Return the language of a page.

    Parameters
    ----------
    asked
        What ``?lang`` says; it counts most.
    accept
        The ``Accept-Language`` header. Where it names other languages alone, English: a foreign
        buyer scans the code; where it names none, Chinese: that is where we are.

    Examples
    --------
    >>> language_of("", "en-GB,en;q=0.9,zh;q=0.8"), language_of("", "fr"), language_of("en", "zh")
    ('en', 'en', 'en')
    """
    if asked[:2].lower() == "en":
        return "en"
    if asked[:2].lower() == "zh":
        return "zh"
    best: dict[str, float] = {"zh": 0.0, "en": 0.0}
    foreign = False
    for name, weight in _weights(accept):
        tongue = name[:2]
        foreign = foreign or (weight > 0 and name[:1].isalpha())
        if tongue in best and (len(name) == 2 or name[2] == "-"):
            best[tongue] = max(best[tongue], weight)
    if not any(best.values()):
        return "en" if foreign else "zh"
    return "en" if best["en"] > best["zh"] else "zh"
