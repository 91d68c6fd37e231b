"""In which language a request is answered."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from ballast.terms.label import LANGUAGES, Language

__all__ = ["language_of"]

_MOST_WISHES = 20
"""Languages read of ``Accept-Language``; a longer list is an attack or a mistake."""


def language_of(request: HTTPConnection, account: str | None = None) -> Language:
    """Return the language of an answer.

    Parameters
    ----------
    request
        ``?lang=`` decides; what the browser wishes for counts last.
    account
        The language that the account chose.

    Returns
    -------
    Language
        Chinese where nothing tells.
    """
    browser = request.headers.get("accept-language", "").split(",")[:_MOST_WISHES]
    wishes = [request.query_params.get("lang", ""), account or ""]
    wishes += [wish.partition(";")[0].strip()[:2].lower() for wish in browser]
    return next((known for wish in wishes for known in LANGUAGES if wish == known), "zh")
