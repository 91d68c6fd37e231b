"""Which code followed which when divisions were renamed, promoted or moved.

GB/T 2260 publishes no table of successions, so they are inferred, and only
where one answer stands out: a wrong successor would silently join the
figures of two places.

A code follows another when it began in the year in which the other ended,
and their names are the same, or the same but for the kind of unit (茌平县,
茌平区). It is looked for in the same prefecture, then in the prefecture that
followed that one, then in the province; for a prefecture, in the province.
Each must be the other's only answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ballast.terms.region_list import (
    RegionLevel,
    codes_below,
    level_of,
    parent_of,
    tenures_by_code,
)

_MINORITIES = (
    "各族|满族|回族|蒙古族?|朝鲜族|藏族|羌族|彝族|苗族|侗族|布依族|土家族|壮族|瑶族|哈尼族|傣族|"
    "白族|景颇族|傈僳族|哈萨克族?|柯尔克孜族?|锡伯族?|达斡尔族|鄂温克族|鄂伦春|裕固族|保安族|"
    "东乡族|撒拉族|土族|黎族|畲族|仡佬族|水族|毛南族|仫佬族|佤族|拉祜族|布朗族|独龙族|怒族|纳西族|"
    "普米族|塔吉克"
)
_KIND_OF_UNIT = re.compile(
    rf"(?<=.)(?:(?:{_MINORITIES})*自治[县州旗]|特别行政区|地区|特区|林区|矿区|[市县区盟旗])$"
)
# Names of a position, not of a place: they recur in every city.
_NO_PLACE = frozenset(
    {"市辖区", "县", "城区", "郊区", "新区", "矿区", "东区", "西区", "南区", "北区"}
)


def heir(code: str) -> str | None:
    """Return the code that followed one, or None.

    Examples
    --------
    >>> heir("371523"), heir("110103")
    ('371503', None)
    """
    return _mutual(code, forward=True)


def forerunner(code: str) -> str | None:
    """Return the code that one followed, or None.

    Examples
    --------
    >>> forerunner("371503")
    '371523'
    """
    return _mutual(code, forward=False)


@lru_cache(maxsize=8192)
def _mutual(code: str, *, forward: bool) -> str | None:
    other = _search(code, forward=forward)
    return other if other is not None and _search(other, forward=not forward) == code else None


@lru_cache(maxsize=8192)
def _search(code: str, *, forward: bool) -> str | None:
    """Return the only code that could stand on the other side of the change."""
    tenure = tenures_by_code()[code][-1 if forward else 0]
    turn = tenure.until if forward else tenure.since
    name = tenure.names[-1 if forward else 0].zh
    if turn is None or name in _NO_PLACE:
        return None
    for pool in _pools(code, forward=forward):
        beside = {
            other: theirs.names[0 if forward else -1].zh
            for other in pool
            for theirs in tenures_by_code()[other]
            if (theirs.since if forward else theirs.until) == turn and other != code
        }
        for same in (
            [other for other, theirs in beside.items() if theirs == name],
            [other for other, theirs in beside.items() if _stem(theirs) == _stem(name)],
        ):
            if same:
                return same[0] if len(same) == 1 else None
    return None


def _pools(code: str, *, forward: bool) -> Iterator[tuple[str, ...]]:
    """Yield the codes among which to search, the nearest first."""
    parent = parent_of(code)
    if parent is None:
        return
    yield codes_below()[parent]
    if level_of(code) is RegionLevel.COUNTY:
        elsewhere = _mutual(parent, forward=forward)
        if elsewhere is not None:
            yield codes_below().get(elsewhere, ())
        prefectures = codes_below()[code[:2] + "0000"]
        yield tuple(c for prefecture in prefectures for c in codes_below().get(prefecture, ()))


def _stem(name: str) -> str:
    return _KIND_OF_UNIT.sub("", name)
