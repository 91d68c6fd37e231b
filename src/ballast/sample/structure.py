"""What the sample city makes, where, and on what terms: the figures behind the draw.

Written down rather than drawn, because the shape is the point: 32 of the 41
divisions and 137 of the 207 groups of industry, aluminium and copper far
ahead, ten clusters. All figures are invented, near what such industries show.

The scale: in 2025 above-scale revenue of about 510 billion CNY, of which the
ten clusters make 382 and the rest of the city 129. That is more than the
city after whose shape it is drawn: two clusters of the 100-billion class
need it, and everything else is kept in proportion to them.
"""

from __future__ import annotations

from dataclasses import dataclass

from ballast.terms.label import Label

__all__ = [
    "ABSENT_GROUPS", "CITY", "CITY_LABEL", "COUNTIES", "COUNTY_WEIGHTS", "FORMER_CHIPING",
    "TRAITS", "ZONES", "Traits", "Zone",
]  # fmt: skip

CITY = "371500"
CITY_LABEL = Label("聊城市", "Liaocheng")
COUNTIES = {
    "371502": "东昌府", "371503": "茌平", "371521": "阳谷", "371522": "莘县",
    "371524": "东阿", "371525": "冠县", "371526": "高唐", "371581": "临清",
}  # fmt: skip
COUNTY_WEIGHTS = (0.26, 0.13, 0.11, 0.11, 0.08, 0.11, 0.10, 0.10)
FORMER_CHIPING = ("371523", "371503")  # the county's code until 2019, the district's from then on


@dataclass(frozen=True, slots=True)
class Zone:
    """A development zone: its extension code, names, county, and share of that county's firms."""

    code: str
    label: Label
    kind: str
    county: str
    share: float


ZONES = (
    Zone(
        "371500-KFQ",
        Label("聊城经济技术开发区", "Liaocheng Economic and Technological Development Zone"),
        "开发区 development zone",
        "371502",
        0.30,
    ),
    Zone(
        "371500-GXQ",
        Label("聊城高新技术产业开发区", "Liaocheng High-tech Industrial Development Zone"),
        "高新区 high-tech zone",
        "371502",
        0.20,
    ),
    Zone(
        "371500-DJQ",
        Label("江北水城旅游度假区", "Jiangbei Water City Tourism Resort"),
        "度假区 resort zone",
        "371502",
        0.05,
    ),
)


@dataclass(frozen=True, slots=True)
class Traits:
    """One division as the sample draws it.

    Parameters
    ----------
    firms, revenue_1e8_cny
        Above-scale enterprises outside the ten clusters, and their revenue in 2025.
    value_added, margin, rd
        Of output, of revenue, of revenue: fractions.
    export
        Chance that an above-scale enterprise of median size exports.
    kwh, fuel_kgce
        Electricity and fuel per 10,000 CNY of output, in kWh and kg of coal equivalent.
    growth
        Yearly, of revenue.
    revenue_per_head
        10,000 CNY a person and year.
    nation, province
        Share of the nation's industrial output in percent; how many times
        that share the division has in the province.
    """

    firms: int
    revenue_1e8_cny: float
    value_added: float
    margin: float
    rd: float
    export: float
    kwh: float
    fuel_kgce: float
    growth: float
    revenue_per_head: float
    nation: float
    province: float


# Divisions without enterprises in the city carry only what nation and province need.
def _elsewhere(nation: float, province: float, value_added: float, per_head: float) -> Traits:
    return Traits(0, 0.0, value_added, 0.08, 0.01, 0.0, 0.0, 0.0, 0.03, per_head, nation, province)


TRAITS: dict[str, Traits] = {
    "06": _elsewhere(2.5, 0.8, 0.46, 140), "07": _elsewhere(0.9, 1.6, 0.60, 190),
    "08": _elsewhere(0.4, 0.9, 0.40, 190), "09": _elsewhere(0.3, 1.7, 0.42, 150),
    "10": Traits(5, 3, 0.36, 0.080, 0.006, 0.00, 330, 40, 0.02, 120, 0.4, 1.0),
    "11": _elsewhere(0.2, 1.1, 0.30, 95), "12": _elsewhere(0.02, 0.5, 0.30, 90),
    "13": Traits(86, 130, 0.15, 0.028, 0.006, 0.14, 170, 12, 0.05, 215, 4.1, 1.8),
    "14": Traits(30, 35, 0.22, 0.075, 0.011, 0.12, 210, 20, 0.06, 140, 1.6, 1.2),
    "15": Traits(18, 15, 0.30, 0.110, 0.008, 0.05, 160, 22, 0.04, 150, 1.3, 0.8),
    "16": _elsewhere(1.0, 0.4, 0.70, 700),
    "17": Traits(66, 95, 0.19, 0.033, 0.012, 0.24, 780, 25, 0.03, 105, 1.8, 1.9),
    "18": Traits(20, 14, 0.25, 0.045, 0.008, 0.30, 170, 8, 0.02, 55, 1.0, 0.9),
    "19": Traits(8, 5, 0.24, 0.050, 0.008, 0.30, 180, 8, 0.01, 60, 0.7, 0.6),
    "20": Traits(34, 28, 0.20, 0.035, 0.008, 0.20, 330, 22, 0.03, 110, 0.8, 1.5),
    "21": Traits(20, 12, 0.24, 0.050, 0.011, 0.22, 190, 6, 0.02, 75, 0.5, 0.7),
    "22": Traits(25, 85, 0.20, 0.045, 0.014, 0.08, 620, 130, 0.03, 200, 1.1, 1.7),
    "23": Traits(15, 12, 0.26, 0.060, 0.012, 0.06, 260, 5, 0.02, 90, 0.5, 0.9),
    "24": Traits(18, 16, 0.22, 0.045, 0.009, 0.35, 150, 5, 0.03, 85, 0.9, 0.9),
    "25": Traits(13, 60, 0.14, 0.025, 0.006, 0.02, 130, 160, 0.02, 900, 4.6, 2.2),
    "26": Traits(58, 190, 0.20, 0.055, 0.020, 0.20, 820, 190, 0.05, 290, 6.6, 1.7),
    "27": Traits(22, 35, 0.36, 0.150, 0.045, 0.14, 240, 25, 0.08, 140, 1.9, 1.3),
    "28": _elsewhere(0.8, 0.4, 0.17, 260),
    "29": Traits(40, 45, 0.21, 0.055, 0.018, 0.24, 460, 18, 0.04, 115, 2.1, 1.6),
    "30": Traits(70, 60, 0.26, 0.065, 0.012, 0.08, 480, 190, 0.01, 140, 4.2, 1.1),
    "31": Traits(13, 30, 0.14, 0.020, 0.014, 0.12, 520, 420, 0.04, 420, 6.2, 1.1),
    "32": Traits(17, 25, 0.15, 0.035, 0.010, 0.12, 640, 60, 0.07, 620, 6.0, 1.2),
    "33": Traits(56, 45, 0.21, 0.045, 0.015, 0.24, 260, 14, 0.04, 120, 3.6, 1.1),
    "34": Traits(46, 40, 0.25, 0.070, 0.030, 0.26, 190, 8, 0.07, 115, 3.6, 1.2),
    "35": Traits(40, 32, 0.26, 0.075, 0.034, 0.24, 150, 7, 0.07, 115, 2.8, 1.1),
    "36": Traits(17, 18, 0.22, 0.055, 0.030, 0.18, 140, 6, 0.09, 170, 7.6, 0.7),
    "37": Traits(10, 6, 0.24, 0.055, 0.032, 0.20, 130, 6, 0.05, 125, 1.5, 0.9),
    "38": Traits(26, 30, 0.19, 0.055, 0.028, 0.20, 150, 6, 0.08, 190, 8.4, 0.6),
    "39": Traits(15, 14, 0.21, 0.055, 0.040, 0.28, 190, 3, 0.10, 150, 11.6, 0.4),
    "40": Traits(10, 6, 0.29, 0.095, 0.042, 0.18, 90, 3, 0.08, 110, 0.8, 0.8),
    "41": Traits(7, 4, 0.22, 0.050, 0.012, 0.30, 160, 5, 0.02, 75, 0.2, 0.9),
    "42": Traits(14, 18, 0.14, 0.030, 0.007, 0.01, 190, 24, 0.09, 330, 0.9, 0.8),
    "43": _elsewhere(0.15, 0.9, 0.30, 100),
    "44": Traits(26, 110, 0.30, 0.060, 0.006, 0.00, 900, 640, 0.04, 420, 7.4, 0.9),
    "45": Traits(17, 28, 0.19, 0.060, 0.003, 0.00, 70, 15, 0.05, 380, 1.3, 0.9),
    "46": Traits(14, 6, 0.42, 0.090, 0.006, 0.00, 1500, 6, 0.04, 85, 0.4, 0.8),
}  # fmt: skip

# Groups of the divisions present that the city does not have: 179 - 42 = 137.
_ABSENT = (
    "102 103 134 153 172 173 174 191 193 194 204 212 214 233 242 245 246 253 267 307 314 323 337 "
    "347 356 362 372 373 374 375 378 379 391 392 393 394 395 403 404 409 412 463"
)
ABSENT_GROUPS = frozenset(_ABSENT.split())
