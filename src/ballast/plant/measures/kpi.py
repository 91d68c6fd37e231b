"""The indicators of ISO 22400-2, each declared once: its name, its formula, what it divides.

They are declared as products and quotients of named elements and not as two
dozen functions, because a page must show the formula, the numerator and the
denominator of every number, and a formula written a second time for showing
would one day differ from the one that is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from ballast.errors import NotFound, Refused
from ballast.plant.measures.ratios import Floats, ratio
from ballast.terms.label import Label

__all__ = ["ELEMENTS", "KPIS", "Element", "Kpi", "compute", "kpi"]


class Element(StrEnum):
    """What the indicators are made of: times in seconds, quantities in pieces."""

    AOET = "AOET"
    APT = "APT"
    AUPT = "AUPT"
    AUST = "AUST"
    ADET = "ADET"
    AUBT = "AUBT"
    PBT = "PBT"
    PRU = "PRU"
    PQ = "PQ"
    GQ = "GQ"
    SQ = "SQ"
    RQ = "RQ"
    GP = "GP"
    IP = "IP"
    EPC = "EPC"
    CMT = "CMT"
    PMT = "PMT"


ELEMENTS: dict[Element, Label] = {
    Element.AOET: Label("实际订单执行时间，秒", "actual order execution time, s"),
    Element.APT: Label("实际生产时间，秒", "actual production time, s"),
    Element.AUPT: Label("实际设备加工时间，秒", "actual unit processing time, s"),
    Element.AUST: Label("实际设备准备时间，秒", "actual unit setup time, s"),
    Element.ADET: Label("实际设备延误时间，秒", "actual unit delay time, s"),
    Element.AUBT: Label("实际设备忙碌时间，秒", "actual unit busy time, s"),
    Element.PBT: Label("计划忙碌时间，秒", "planned busy time, s"),
    Element.PRU: Label("单件计划加工时间，秒/件", "planned run time per item, s a piece"),
    Element.PQ: Label("产出数量，件", "produced quantity, pieces"),
    Element.GQ: Label("合格数量，件", "good quantity, pieces"),
    Element.SQ: Label("报废数量，件", "scrap quantity, pieces"),
    Element.RQ: Label("返工数量，件", "rework quantity, pieces"),
    Element.GP: Label("一次合格数量，件", "good parts at first pass, pieces"),
    Element.IP: Label("受检数量，件", "inspected parts, pieces"),
    Element.EPC: Label("设备产能，件", "equipment production capacity, pieces"),
    Element.CMT: Label("事后维修时间，秒", "corrective maintenance time, s"),
    Element.PMT: Label("预防维修时间，秒", "planned maintenance time, s"),
}


@dataclass(frozen=True, slots=True)
class Quotient:
    """A product of elements over a sum of elements."""

    over: tuple[Element, ...]
    under: tuple[Element, ...]

    def __str__(self) -> str:
        top = " × ".join(self.over)
        bottom = " + ".join(self.under)
        return f"{top} / ({bottom})" if len(self.under) > 1 else f"{top} / {bottom}"


@dataclass(frozen=True, slots=True)
class Kpi:
    """One indicator.

    Parameters
    ----------
    name
        The machine name.
    label
        As shown to people.
    factors
        The quotients that are multiplied.
    least, most
        What the indicator can be where the records agree with each other;
        ``None``: no bound. Effectiveness may exceed 1 where machines run faster
        than planned.
    per_second
        Whether the number is pieces a second and not a share.
    """

    name: str
    label: Label
    factors: tuple[Quotient, ...]
    least: float = 0.0
    most: float | None = 1.0
    per_second: bool = False

    @property
    def formula(self) -> str:
        """The formula as it is computed."""
        parts = [str(factor) for factor in self.factors]
        return parts[0] if len(parts) == 1 else " × ".join(f"({part})" for part in parts)

    @property
    def elements(self) -> tuple[Element, ...]:
        """What must be known to compute it, each once."""
        found = [e for factor in self.factors for e in (*factor.over, *factor.under)]
        return tuple(dict.fromkeys(found))


E = Element
_AVAILABILITY = Quotient((E.APT,), (E.PBT,))
_EFFECTIVENESS = Quotient((E.PRU, E.PQ), (E.APT,))
_QUALITY = Quotient((E.GQ,), (E.PQ,))

KPIS: dict[str, Kpi] = {
    one.name: one
    for one in (
        Kpi("availability", Label("可用率", "availability"), (_AVAILABILITY,)),
        Kpi("effectiveness", Label("性能率", "effectiveness"), (_EFFECTIVENESS,), most=None),
        Kpi("quality_ratio", Label("合格率", "quality ratio"), (_QUALITY,)),
        Kpi(
            "oee",
            Label("设备综合效率（OEE）", "overall equipment effectiveness (OEE)"),
            (_AVAILABILITY, _EFFECTIVENESS, _QUALITY),
            most=None,
        ),
        Kpi(
            "nee",
            Label("净设备效率（NEE）", "net equipment effectiveness (NEE)"),
            (Quotient((E.AUPT,), (E.PBT,)), _EFFECTIVENESS, _QUALITY),
            most=None,
        ),
        Kpi(
            "allocation_ratio",
            Label("分配率", "allocation ratio"),
            (Quotient((E.AUBT,), (E.AOET,)),),
            most=None,  # operations of one order may overlap
        ),
        Kpi(
            "allocation_efficiency",
            Label("分配效率", "allocation efficiency"),
            (Quotient((E.AUBT,), (E.PBT,)),),
        ),
        Kpi(
            "utilization_efficiency",
            Label("利用效率", "utilization efficiency"),
            (Quotient((E.APT,), (E.AUBT,)),),
        ),
        Kpi(
            "technical_efficiency",
            Label("技术效率", "technical efficiency"),
            (Quotient((E.APT,), (E.APT, E.ADET)),),
        ),
        Kpi("setup_rate", Label("准备率", "setup rate"), (Quotient((E.AUST,), (E.AUPT,)),)),
        Kpi(
            "throughput_rate",
            Label("产出速率，件/秒", "throughput rate, pieces a second"),
            (Quotient((E.PQ,), (E.AOET,)),),
            most=None,
            per_second=True,
        ),
        Kpi(
            "production_process_ratio",
            Label("生产过程率", "production process ratio"),
            (Quotient((E.APT,), (E.AOET,)),),
        ),
        Kpi("scrap_ratio", Label("报废率", "scrap ratio"), (Quotient((E.SQ,), (E.PQ,)),)),
        Kpi("rework_ratio", Label("返工率", "rework ratio"), (Quotient((E.RQ,), (E.PQ,)),)),
        Kpi(
            "first_pass_yield",
            Label("一次合格率", "first pass yield"),
            (Quotient((E.GP,), (E.IP,)),),
        ),
        Kpi(
            "equipment_load_ratio",
            Label("设备负荷率", "equipment load ratio"),
            (Quotient((E.PQ,), (E.EPC,)),),
            most=None,
        ),
        Kpi(
            "corrective_maintenance_ratio",
            Label("事后维修率", "corrective maintenance ratio"),
            (Quotient((E.CMT,), (E.CMT, E.PMT)),),
        ),
    )
}
"""Every indicator, by name. Process capability (Cp, Cm) needs the values themselves and stands
with the other measures of capability."""


def kpi(name: str) -> Kpi:
    """Return an indicator by name.

    Raises
    ------
    NotFound
        If there is none of that name; the message lists those there are.
    """
    try:
        return KPIS[name]
    except KeyError:
        raise NotFound(
            "there is no indicator {name}; there are: {known}", name=name, known=", ".join(KPIS)
        ) from None


def compute(wanted: Kpi, elements: Mapping[Element, npt.ArrayLike]) -> Floats:
    """Return an indicator from its elements.

    Parameters
    ----------
    wanted
        Which.
    elements
        What it is made of: times in seconds, quantities in pieces; arrays of
        shapes that broadcast, nan where unknown.

    Returns
    -------
    Floats
        Of the broadcast shape; nan where the indicator does not exist: an
        element is unknown, or a denominator is zero.

    Raises
    ------
    Refused
        If an element is missing altogether.

    Notes
    -----
    Equations: as in ISO 22400-2, in the reading of the design page on Sparkplug
    hosts: availability A = APT/PBT, effectiveness E = PRU·PQ/APT, quality ratio
    Q = GQ/PQ, OEE = A·E·Q, NEE = (AUPT/PBT)·E·Q, and so on; ``Kpi.formula``
    spells out each. The standard itself was not opened. Beside the design page:
    OPC 40501-1, annex C.2.4 (A, E, Q, OEE), and the ontology of ISO 22400-2 by
    Helmut Schmidt University (hsu-aut, ISO22400-2.owl: A, allocation efficiency
    and ratio, scrap ratio, setup rate, technical efficiency, throughput rate);
    the other formulas rest on the design page alone.

    A factor that does not exist leaves the product without existence too: a
    machine that made nothing has no OEE, rather than one of zero, because its
    quality is unknown.

    Examples
    --------
    >>> E = Element
    >>> made = {E.APT: 400.0, E.PBT: 480.0, E.PRU: 2.0, E.PQ: 180.0, E.GQ: 171.0}
    >>> print(f'{compute(kpi("oee"), made):.4f}')
    0.7125
    >>> kpi("oee").formula
    '(APT / PBT) × (PRU × PQ / APT) × (GQ / PQ)'
    """
    lacking = [name for name in wanted.elements if name not in elements]
    if lacking:
        raise Refused(
            "{kpi} cannot be computed without {elements}",
            kpi=wanted.name,
            elements=", ".join(lacking),
        )
    result: npt.ArrayLike = 1.0
    for factor in wanted.factors:
        top: npt.ArrayLike = 1.0
        for name in factor.over:
            top = _array(top) * _array(elements[name])
        bottom: npt.ArrayLike = 0.0
        for name in factor.under:
            bottom = _array(bottom) + _array(elements[name])
        result = _array(result) * ratio(top, bottom)
    return _array(result)


def _array(value: npt.ArrayLike) -> Floats:
    return np.asarray(value, dtype=np.float64)
