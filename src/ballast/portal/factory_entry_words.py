"""The reasons that are offered where a stop or scrap is entered, and the other words of the page.

A reason that is typed anew each time is a reason spelt in ten ways, and the
loss tree falls apart. So the usual ones are offered, each with the state of
the time model that it means; what was entered lately and what the machine's
own state tag can say come first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ballast.plant.measures.time_model import MachineState
from ballast.plant.site import Site
from ballast.portal.factory_entry_records import Entered
from ballast.terms.label import Label, Language

__all__ = ["REASONS", "SCRAP_REASONS", "Choice", "reasons_for", "scrap_reasons", "shown_reason"]

_MOST = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """A reason that can be chosen: what is stored, what is shown, and the state it means."""

    value: str
    label: str
    state: MachineState


# Stored in Chinese, whatever the language of whoever enters it: one reason, one branch.
REASONS: tuple[tuple[Label, MachineState], ...] = (
    (Label("设备故障", "breakdown"), MachineState.DELAYED),
    (Label("换刀", "tool change"), MachineState.DELAYED),
    (Label("待料", "waiting for material"), MachineState.DELAYED),
    (Label("质量问题", "quality problem"), MachineState.DELAYED),
    (Label("换型调整", "setup"), MachineState.SETUP),
    (Label("无订单", "no order"), MachineState.IDLE),
    (Label("计划保养", "planned maintenance"), MachineState.PLANNED_STOP),
    (Label("休息", "break"), MachineState.PLANNED_STOP),
)
SCRAP_REASONS: tuple[Label, ...] = (
    Label("尺寸超差", "out of dimension"),
    Label("泄漏", "leak"),
    Label("表面缺陷", "surface defect"),
    Label("材料缺陷", "material defect"),
    Label("调机件", "setting-up piece"),
)
_KNOWN = {label.zh: label for label, _ in REASONS} | {label.zh: label for label in SCRAP_REASONS}


def shown_reason(reason: str, language: Language) -> str:
    """Return a reason as it is shown; one of the offered ones in the reader's language.

    Examples
    --------
    >>> shown_reason("换刀", "en"), shown_reason("皮带断", "en")
    ('tool change', '皮带断')
    """
    known = _KNOWN.get(reason)
    return reason if known is None else known.text(language)


def reasons_for(
    site: Site, asset: str, lately: Iterable[Entered], language: Language
) -> tuple[Choice, ...]:
    """Return the reasons to choose from for a stop, the likely ones first."""
    found: dict[str, MachineState] = {}
    for one in lately:
        if one.table == "downtime" and one.reason and one.state is not None:
            found.setdefault(one.reason, one.state)
    for tag in site.tags_of(asset):
        for meaning in tag.states.values():
            if meaning.reason and meaning.state is not MachineState.PRODUCING:
                found.setdefault(meaning.reason, meaning.state)
    recent = list(found)[: _MOST - 4]
    usual = {label.zh: state for label, state in REASONS}
    kept = {reason: found[reason] for reason in recent} | {
        reason: state for reason, state in usual.items() if reason not in recent
    }
    return tuple(
        Choice(reason, shown_reason(reason, language), state)
        for reason, state in list(kept.items())[:_MOST]
    )


def scrap_reasons(lately: Iterable[Entered], language: Language) -> tuple[tuple[str, str], ...]:
    """Return the reasons to choose from for scrap: stored text and shown text."""
    recent = [one.reason for one in lately if one.table == "production" and one.reason]
    usual = [label.zh for label in SCRAP_REASONS]
    kept = list(dict.fromkeys([*recent[:5], *usual]))[:8]
    return tuple((reason, shown_reason(reason, language)) for reason in kept)
