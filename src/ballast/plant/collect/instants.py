"""A source's word for a time, turned into epoch milliseconds.

Sources write seconds, milliseconds, decimals of seconds and ISO 8601 with every
zone there is. What a number means is told by the mapping and never guessed from
its size: a clock that is wrong by a factor of thousand would be guessed right.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from ballast.errors import Refused
from ballast.plant.wire.readings import LATEST

__all__ = ["instant"]

TimeForm = Literal["ms", "s", "iso"]


def instant(told: object, form: TimeForm, zone: ZoneInfo | None) -> int:
    """Return what a source told as epoch ms UTC.

    Parameters
    ----------
    told
        A number, or a text that holds a number or an ISO 8601 time.
    form
        Whether a number counts seconds or ms; of texts in ISO 8601 nothing need be told.
    zone
        Whose wall clock a time without zone means; none: such a time is refused.

    Raises
    ------
    Refused
        It is no time between 1970 and the year 9999.

    Examples
    --------
    >>> instant(1.5, "s", None), instant("1500", "ms", None)
    (1500, 1500)
    >>> instant("1970-01-01T08:00:01.500+08:00", "iso", None)
    1500
    """
    if isinstance(told, str):
        return _of_text(told.strip(), form, zone)
    if isinstance(told, bool) or not isinstance(told, int | float) or not math.isfinite(told):
        raise _refused(told)
    # Decimal seconds of today are exact to a microsecond in a float; rounding mends the rest.
    found = round(told * 1000) if form == "s" else round(told)
    if not 0 < found <= LATEST:
        raise _refused(told)
    return found


def _of_text(told: str, form: TimeForm, zone: ZoneInfo | None) -> int:
    if len(told) > 64:
        raise _refused(told)
    if form != "iso":
        try:
            return instant(int(told) if told.isdecimal() else float(told), form, zone)
        except ValueError:
            pass
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        raise _refused(told) from None
    if moment.tzinfo is None:
        if zone is None:
            raise _refused(told)
        moment = moment.replace(tzinfo=zone)
    try:
        apart = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    except OverflowError:
        raise _refused(told) from None
    found = (apart.days * 86_400 + apart.seconds) * 1000 + round(apart.microseconds / 1000)
    if not 0 < found <= LATEST:
        raise _refused(told)
    return found


def _refused(told: object) -> Refused:
    return Refused(
        "{told} is no time after 1970: a number of seconds or milliseconds, or ISO 8601 with zone",
        told=str(told)[:64],
    )
