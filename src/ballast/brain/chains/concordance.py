"""Which sector of an input–output table an industrial class belongs to (行业对照).

The Bureau publishes no concordance of its sectors with GB/T 4754-2017, so this
one is drawn up by name: each sector lists the divisions and groups that its
name covers. Most sectors are called as their groups are; where several readings
are possible, the entry says so beside it. Written as prefixes and not as 666
rows, because a person can check a line against a name, and the longest prefix
decides, so that no class can fall into two sectors.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ballast.errors import NotFound
from ballast.terms.industry import industries, is_industrial
from ballast.terms.scheme import IndustryLevel, IndustryScheme

__all__ = ["sector_of", "sectors_by_class"]

_IN_42 = {
    "02": "06", "03": "07", "04": "08 09",
    "05": "10 11 12",  # services to mining stand with the other mining
    "06": "13 14 15 16", "07": "17", "08": "18 19", "09": "20 21", "10": "22 23 24", "11": "25",
    "12": "26 27 28 29", "13": "30", "14": "31 32", "15": "33", "16": "34", "17": "35",
    "18": "36 37", "19": "38", "20": "39", "21": "40", "22": "41 42", "23": "43", "24": "44",
    "25": "45", "26": "46",
}  # fmt: skip

_IN_153 = {
    "006": "06", "007": "07", "008": "08", "009": "09", "010": "10", "011": "11 12",
    "012": "131", "013": "132", "014": "133", "015": "134", "016": "135", "017": "136",
    "018": "137 139", "019": "143", "020": "144", "021": "146",
    "022": "141 142 145 149",  # baking, sweets and tins have no sector of their own
    "023": "151", "024": "152", "025": "153", "026": "16",
    "027": "171 175", "028": "172", "029": "173 174", "030": "176", "031": "177 178",
    "032": "18", "033": "191 192 193 194", "034": "195", "035": "20", "036": "21", "037": "22",
    "038": "23", "039": "243", "040": "241 242 244 245 246",
    "041": "251 253 254",  # fuel of biomass with the other fuels
    "042": "252", "043": "261", "044": "262", "045": "263", "046": "264", "047": "265",
    "048": "266 267", "049": "268", "050": "27", "051": "28", "052": "291", "053": "292",
    "054": "301", "055": "302", "056": "303", "057": "304 305 306", "058": "307", "059": "308",
    "060": "309", "061": "312", "062": "313", "063": "311 314", "064": "321 322 323 324",
    "065": "325", "066": "33", "067": "341", "068": "342", "069": "343", "070": "344",
    "071": "346", "072": "347",
    "073": "345 348 349",  # bearings and gears: no other sector's name covers them
    "074": "351", "075": "352", "076": "357", "077": "358", "078": "353 354 355 356 359",
    "079": "361 363 364 365",  # whole vehicles of every kind
    "080": "362 366 367",  # engines, bodies and trailers with the parts
    "081": "371 372", "082": "373", "083": "374 375 376 377 378 379", "084": "381", "085": "382",
    "086": "383", "087": "384", "088": "385 386", "089": "387 389", "090": "391", "091": "392",
    "092": "393 394", "093": "395", "094": "397 398",
    "095": "396 399",  # wearables and smart devices are neither computers nor audio and video
    "096": "40", "097": "41", "098": "42", "099": "43", "100": "44", "101": "45", "102": "46",
}  # fmt: skip

_COVERED: Mapping[IndustryScheme, Mapping[str, str]] = {
    IndustryScheme.IO42_2020: _IN_42,
    IndustryScheme.IO153_2020: _IN_153,
}


@cache
def sectors_by_class(scheme: IndustryScheme) -> Mapping[str, str]:
    """Return the sector of every industrial class (divisions 06 to 46) of GB/T 4754-2017.

    Parameters
    ----------
    scheme
        ``io42-2020`` or ``io153-2020``.

    Raises
    ------
    NotFound
        For another scheme.

    Examples
    --------
    >>> sectors_by_class(IndustryScheme.IO153_2020)["3451"]  # rolling bearings
    '073'
    """
    covered = _COVERED.get(scheme)
    if covered is None:
        raise NotFound(
            "{scheme}: there is no concordance of it with GB/T 4754-2017; there are: {known}",
            scheme=scheme,
            known=", ".join(_COVERED),
        )
    by_prefix = {
        prefix: sector for sector, prefixes in covered.items() for prefix in prefixes.split()
    }
    classes = [one.code for one in industries(IndustryLevel.CLASS) if is_industrial(one.code)]
    return {code: by_prefix.get(code[:3]) or by_prefix[code[:2]] for code in classes}


def sector_of(code: str, scheme: IndustryScheme) -> str:
    """Return the sector of one industrial class.

    Raises
    ------
    NotFound
        If it is no industrial class.

    Examples
    --------
    >>> sector_of("3443", IndustryScheme.IO42_2020)  # valves and taps
    '16'
    """
    found = sectors_by_class(scheme).get(code)
    if found is None:
        raise NotFound(
            "{code}: it is no class of the industrial divisions 06 to 46 of GB/T 4754-2017",
            code=code,
        )
    return found
