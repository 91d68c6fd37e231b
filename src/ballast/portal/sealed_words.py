"""What is said beside figures of the sealed cube: which vintage, of what day, what is withheld.

One place, because page, file, picture and terminal must say the same: a
figure that travels without its vintage cannot be held against the next one.
"""

from __future__ import annotations

from ballast.brain.picture_shape import Sealed
from ballast.terms.label import Language
from ballast.words import say

__all__ = ["sealed_text"]


def sealed_text(sealed: Sealed, language: Language) -> str:
    """Return from which sealing figures come, and of what day their data are.

    Parameters
    ----------
    sealed, language
        The sealing, and in which language.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> day = datetime(2026, 6, 1, tzinfo=UTC)
    >>> sealed_text(Sealed("2026-05.1", day, day), "en")
    'published after disclosure control: vintage 2026-05.1, data as of 2026-06-01'
    """
    return say(
        "published after disclosure control: vintage {vintage}, data as of {day}",
        language,
        vintage=sealed.vintage,
        day=(sealed.as_of or sealed.at).date().isoformat(),
    )
