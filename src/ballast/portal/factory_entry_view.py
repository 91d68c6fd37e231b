"""What the page of entries shows: words, sentences and choices, ready for its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ballast.plant.measures.time_model import STATE_LABELS, MachineState
from ballast.plant.site import Asset, Site
from ballast.portal.factory_entry_records import Entered, Open
from ballast.portal.factory_entry_words import reasons_for, scrap_reasons, shown_reason
from ballast.terms.label import LANGUAGES, Label, Language
from ballast.words import say
from ballast.words.marks import SYNTHETIC

__all__ = ["PATH", "machine_page", "machines_page", "told"]

PATH = "/factory/entry"

_WORDS: dict[str, Label] = {
    "title": Label("哪台设备？", "Which machine?"),
    "ways": Label("导航", "Ways"),
    "factory": Label("工厂", "Factory"),
    "other_machine": Label("换一台设备", "Another machine"),
    "other_language": Label("English", "中文"),
    "synthetic": SYNTHETIC,
    "no_machines": Label("映射表中还没有设备。", "The mapping has no machines yet."),
    "stands": Label("停机了？", "Does it stand?"),
    "why": Label("停机原因", "Why does it stand?"),
    "other_reason": Label("其他原因或时间", "Another reason, another time"),
    "reason_text": Label("原因（自己写）", "Reason, in your words"),
    "state": Label("状态", "State"),
    "by_reason": Label("随原因", "as the reason says"),
    "since": Label("从何时起（不填：现在）", "Since when (left empty: now)"),
    "until": Label("到何时止（不填：仍在停机）", "Until when (left empty: it still stands)"),
    "enter_stop": Label("记录停机", "Enter the stop"),
    "another_time": Label("不是现在", "Not just now"),
    "ran_at": Label("何时恢复", "When it ran again"),
    "runs": Label("恢复运行", "It runs again"),
    "pieces": Label("产量与废品", "Pieces"),
    "scrap_reason": Label("废品或返工原因", "Why scrap or rework"),
    "at": Label("何时（不填：现在）", "When (left empty: now)"),
    "enter_pieces": Label("记录数量", "Enter the pieces"),
    "new_order": Label("开始工单", "Start an order"),
    "order_number": Label("工单号", "Order number"),
    "product": Label("产品", "Product"),
    "batch": Label("批次标识", "Handle of the batch"),
    "more": Label("批次、时间", "Batch, time"),
    "start_order": Label("开始工单", "Start the order"),
    "finished_at": Label("何时完成", "When it was finished"),
    "finish": Label("工单完成", "The order is finished"),
    "lately": Label("最近记录", "Entered lately"),
    "nothing": Label("最近两天没有记录。", "Nothing was entered in the last two days."),
    "take_back": Label("撤回", "Take back"),
}
_COUNTS = (
    ("good", Label("合格", "Good")),
    ("scrap", Label("报废", "Scrap")),
    ("rework", Label("返工", "Rework")),
)
_DONE = {
    "stop": Label("已记录停机。", "The stop is entered."),
    "run": Label("已记录恢复运行。", "It is entered that the machine runs again."),
    "order": Label("工单已开始。", "The order is started."),
    "finish": Label("工单已完成。", "The order is finished."),
    "pieces": Label("数量已记录。", "The pieces are entered."),
    "back": Label("已撤回。", "Taken back."),
}


def _shared(site: Site, language: Language, csrf: str, done: str, wrong: str) -> dict[str, Any]:
    said = _DONE.get(done)
    return {
        "language": language,
        "other": next(known for known in LANGUAGES if known != language),
        "words": {key: label.text(language) for key, label in _WORDS.items()},
        "path": PATH,
        "site": site.name.text(language),
        "synthetic": site.provenance == "synthetic",
        "csrf": csrf,
        "wrong": wrong,
        "done": said.text(language) if said and not wrong else "",
        "given": {},
    }


def machines_page(
    site: Site,
    machines: Sequence[Asset],
    going_on: Mapping[str, Open],
    language: Language,
    csrf: str,
    wrong: str = "",
) -> dict[str, Any]:
    """Return what the choice of a machine shows."""
    rows = [
        {
            "asset": one.asset,
            "name": one.name.text(language),
            "state": " · ".join(_going_on(going_on.get(one.asset, Open()), site, language)),
        }
        for one in machines
    ]
    return {
        **_shared(site, language, csrf, "", wrong),
        "title": _WORDS["title"].text(language),
        "machine": None,
        "machines": rows,
    }


def machine_page(
    site: Site,
    asset: Asset,
    entries: Sequence[Entered],
    going_on: Open,
    mine: frozenset[str],
    language: Language,
    *,
    csrf: str,
    once: str,
    now: datetime,
    given: Mapping[str, str],
    done: str,
    wrong: str,
) -> dict[str, Any]:
    """Return what the page of one machine shows.

    Parameters
    ----------
    site, asset
        The mapping, and which machine.
    entries, going_on
        What was entered lately, and what goes on.
    mine
        The loads that can be taken back here.
    language
        Of the page.
    csrf, once
        What the forms carry.
    now
        The present moment.
    given
        What was sent and refused; it stands in the form again.
    done, wrong
        What was carried out, or why it was not.
    """
    states = [
        (state.name.lower(), label.text(language))
        for state, label in STATE_LABELS.items()
        if state is not MachineState.PRODUCING
    ]
    stop, order = going_on.stop, going_on.order
    return {
        **_shared(site, language, csrf, done, wrong),
        "title": asset.name.text(language),
        "machine": {"asset": asset.asset},
        "once": once,
        "now": f"{now.astimezone(site.zone):%Y-%m-%dT%H:%M}",
        "given": given,
        "stop": _stop_words(stop, site, language) if stop else "",
        "order": _order_words(order, entries, site, language) if order else "",
        "order_name": say("order {order}", language, order=order.order) if order else "",
        "reasons": reasons_for(site, asset.asset, entries, language),
        "states": states,
        "counts": [(name, label.text(language)) for name, label in _COUNTS],
        "scrap_reasons": scrap_reasons(entries, language),
        "entries": [
            {"text": told(one, site, language), "load_id": one.load_id, "mine": one.load_id in mine}
            for one in entries
        ],
    }


def _clock(moment: datetime, site: Site) -> str:
    return f"{moment.astimezone(site.zone):%m-%d %H:%M}"


def _going_on(open_now: Open, site: Site, language: Language) -> list[str]:
    found = []
    if open_now.stop is not None:
        found.append(_stop_words(open_now.stop, site, language))
    if open_now.order is not None:
        found.append(say("order {order}", language, order=open_now.order.order))
    return found


def _stop_words(stop: Entered, site: Site, language: Language) -> str:
    return say(
        "It stands since {start}: {reason}",
        language,
        start=_clock(stop.start, site),
        reason=shown_reason(stop.reason, language),
    )


def _order_words(order: Entered, entries: Sequence[Entered], site: Site, language: Language) -> str:
    counted = [
        one
        for one in entries
        if one.table == "production" and one.of_moment and one.order == order.order
        and one.start >= order.start
    ]  # fmt: skip
    good = (order.good or 0) + sum(one.good or 0 for one in counted)
    scrap = (order.scrap or 0) + sum(one.scrap or 0 for one in counted)
    return say(
        "Order {order} {product} since {start}: {good} good, {scrap} scrap",
        language,
        order=order.order,
        product=order.product,
        start=_clock(order.start, site),
        good=f"{good:g}",
        scrap=f"{scrap:g}",
    )


def told(one: Entered, site: Site, language: Language) -> str:
    """Return one entry as a line."""
    start = _clock(one.start, site)
    end = "…" if one.end is None else f"{one.end.astimezone(site.zone):%H:%M}"
    reason = shown_reason(one.reason, language)
    if one.table == "downtime" and one.state is not None:
        return say(
            "{start}–{end} stop: {reason} ({state})",
            language,
            start=start,
            end=end,
            reason=reason,
            state=STATE_LABELS[one.state],
        )
    if not one.of_moment:
        return say(
            "{start}–{end} order {order} {product}",
            language,
            start=start,
            end=end,
            order=one.order,
            product=one.product,
        )
    return say(
        "{start} {good} good, {scrap} scrap, {rework} rework {reason}",
        language,
        start=start,
        good=f"{one.good or 0:g}",
        scrap=f"{one.scrap or 0:g}",
        rework=f"{one.rework or 0:g}",
        reason=reason,
    )
