"""The names of things on the Factory page, in both languages, as a shop floor says them."""

from __future__ import annotations

from ballast.plant.measures.time_model import MachineState
from ballast.terms.label import Label

__all__ = ["STATE_SIGNS", "STATE_STYLES", "UNKNOWN_STATE", "WORDS"]

WORDS: dict[str, Label] = {
    "headline": Label("主要指标", "Headline figures"),
    "story": Label("口径与来源", "How it is made"),
    "table": Label("数据表", "The figures"),
    "period": Label("时段", "Period"),
    "show": Label("查看", "Show"),
    "machine": Label("设备", "Machine"),
    "all_machines": Label("全部设备", "All machines"),
    "line": Label("所属", "Part of"),
    "state": Label("状态", "State"),
    "reason": Label("原因", "Reason"),
    "value": Label("数值", "Value"),
    "unit": Label("单位", "Unit"),
    "time": Label("时刻", "Time"),
    "order": Label("工单", "Order"),
    "since": Label("起", "Since"),
    "from": Label("起", "From"),
    "until": Label("止", "Until"),
    "hours": Label("小时", "Hours"),
    "share": Label("占比", "Share"),
    "tag": Label("测点", "Tag"),
    "batch": Label("批次标识", "Batch"),
    "rule": Label("准则", "Rule"),
    "point": Label("点", "Point"),
    "close": Label("关闭", "Close"),
    "link": Label("复制链接", "Copy the link"),
    "copied": Label("已复制", "Copied"),
    "loading": Label("正在计算…", "Computing …"),
}

# The stock of signs that every system font has; beside the word, so that neither stands alone.
STATE_SIGNS: dict[MachineState, str] = {
    MachineState.PRODUCING: "▶",
    MachineState.SETUP: "◆",
    MachineState.DELAYED: "■",
    MachineState.IDLE: "○",
    MachineState.PLANNED_STOP: "▬",
}
STATE_STYLES: dict[MachineState, str] = {
    MachineState.PRODUCING: "fa-producing",
    MachineState.SETUP: "fa-setup",
    MachineState.DELAYED: "fa-delayed",
    MachineState.IDLE: "fa-idle",
    MachineState.PLANNED_STOP: "fa-planned",
}
UNKNOWN_STATE = Label("状态不明", "state not known")
