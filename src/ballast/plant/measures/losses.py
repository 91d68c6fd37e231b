"""The loss tree under OEE: where the planned busy time went, by reason, in seconds.

OEE alone tells nobody what to do. Its three factors are turned back into time:
all seconds of the planned busy time are either good pieces at the planned
speed or lost to a named reason, and the parts add up to the whole exactly.
Percentages of percentages (the usual waterfall of factors) do not add up and
cannot be compared between machines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy.typing as npt

from ballast.plant.measures.ratios import ratio
from ballast.terms.label import Label

__all__ = ["LOSS_LABELS", "Loss", "LossNode", "LossTree", "loss_tree"]


class Loss(StrEnum):
    """A kind of loss (损失), under one of the three factors of OEE."""

    AVAILABILITY = "availability"
    DELAY = "delay"
    SETUP = "setup"
    IDLE = "idle"
    EFFECTIVENESS = "effectiveness"
    QUALITY = "quality"
    SCRAP = "scrap"
    REWORK = "rework"


LOSS_LABELS: dict[Loss, Label] = {
    Loss.AVAILABILITY: Label("时间损失", "availability losses"),
    Loss.DELAY: Label("故障与停机", "stops"),
    Loss.SETUP: Label("换型调整", "setup"),
    Loss.IDLE: Label("待机", "idle"),
    Loss.EFFECTIVENESS: Label("速度损失", "speed losses"),
    Loss.QUALITY: Label("质量损失", "quality losses"),
    Loss.SCRAP: Label("报废", "scrap"),
    Loss.REWORK: Label("返工", "rework"),
}


@dataclass(frozen=True, slots=True)
class LossNode:
    """One branch of the tree.

    Parameters
    ----------
    loss
        What kind.
    reason
        The reason as the shop floor recorded it; empty on a branch that sums.
    seconds
        Of the planned busy time. Negative only for speed: a machine that ran
        faster than planned gained time.
    share
        Of the planned busy time; ``None`` where that is zero.
    parts
        What it is made of; their seconds add up to it.
    """

    loss: Loss
    reason: str
    seconds: float
    share: float | None
    parts: tuple[LossNode, ...] = ()


@dataclass(frozen=True, slots=True)
class LossTree:
    """The planned busy time of one machine, divided up.

    Parameters
    ----------
    pbt_s
        Planned busy time, seconds.
    good_s
        Seconds that the good pieces took at the planned speed.
    losses
        Availability, speed, quality; ``good_s`` and they add up to ``pbt_s``.
    oee
        ``good_s`` over ``pbt_s``; ``None`` where there was no planned busy time.
    """

    pbt_s: float
    good_s: float
    losses: tuple[LossNode, ...]
    oee: float | None


def loss_tree(
    *,
    apt_s: float,
    pru_s: float,
    produced: float,
    good: float,
    delays_s: Mapping[str, float],
    setup_s: Mapping[str, float],
    idle_s: float = 0.0,
    scrapped: Mapping[str, float] | None = None,
    reworked: Mapping[str, float] | None = None,
) -> LossTree:
    """Return where the planned busy time of one machine went.

    Parameters
    ----------
    apt_s
        Actual production time, seconds.
    pru_s
        Planned run time of a piece, seconds.
    produced, good
        Pieces.
    delays_s, setup_s
        Seconds by reason.
    idle_s
        Seconds without an order.
    scrapped, reworked
        Pieces by reason; what of ``produced`` - ``good`` they leave is scrap
        without a reason.

    Notes
    -----
    Equations: PBT = APT + Σ delays + Σ setups + idle; good = PRU·GQ;
    speed loss = APT - PRU·PQ; loss of a quality reason = PRU · its pieces;
    OEE = PRU·GQ / PBT, which is the A·E·Q of ISO 22400-2 wherever all three exist,
    since (APT/PBT)·(PRU·PQ/APT)·(GQ/PQ) cancels to it. Here OEE is 0 and not
    undefined for a machine that was to be busy and made nothing: all its time
    is lost, and the tree says to what.

    Examples
    --------
    >>> tree = loss_tree(apt_s=400, pru_s=2, produced=180, good=171,
    ...                  delays_s={"tool broke": 60}, setup_s={"": 20})
    >>> tree.oee
    0.7125
    >>> [(node.loss.value, node.seconds) for node in tree.losses]
    [('availability', 80.0), ('effectiveness', 40.0), ('quality', 18.0)]
    """
    pbt = apt_s + sum(delays_s.values()) + sum(setup_s.values()) + idle_s
    stops = [_node(Loss.DELAY, reason, s, pbt) for reason, s in _largest(delays_s)]
    setups = [_node(Loss.SETUP, reason, s, pbt) for reason, s in _largest(setup_s)]
    waiting = [_node(Loss.IDLE, "", idle_s, pbt)] if idle_s else []
    scrap, rework = dict(scrapped or {}), dict(reworked or {})
    unexplained = produced - good - sum(scrap.values()) - sum(rework.values())
    if unexplained:
        scrap[""] = scrap.get("", 0.0) + unexplained
    bad = [_node(Loss.SCRAP, reason, n * pru_s, pbt) for reason, n in _largest(scrap)]
    again = [_node(Loss.REWORK, reason, n * pru_s, pbt) for reason, n in _largest(rework)]
    losses = (
        _branch(Loss.AVAILABILITY, (*stops, *setups, *waiting), pbt),
        _node(Loss.EFFECTIVENESS, "", apt_s - pru_s * produced, pbt),
        _branch(Loss.QUALITY, (*bad, *again), pbt),
    )
    return LossTree(float(pbt), float(pru_s * good), losses, _share(pru_s * good, pbt))


def _largest(by_reason: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(by_reason.items(), key=lambda pair: (-pair[1], pair[0]))


def _node(loss: Loss, reason: str, seconds: float, pbt: float) -> LossNode:
    return LossNode(loss, reason, float(seconds), _share(seconds, pbt))


def _branch(loss: Loss, parts: tuple[LossNode, ...], pbt: float) -> LossNode:
    seconds = sum((part.seconds for part in parts), 0.0)
    return LossNode(loss, "", seconds, _share(seconds, pbt), parts)


def _share(seconds: npt.ArrayLike, pbt: float) -> float | None:
    return None if not pbt else float(ratio(seconds, pbt))
