"""What machines say: samples, their roll-ups by the minute and hour, and what went wrong on the way.

A roll-up is streamed in parts: one for each tag, window and shipped batch. A
late sample makes one more part of its window; nothing is ever written over,
and ``plant.measures.rollup`` adds the parts up when they are read.
"""

from __future__ import annotations

from dataclasses import replace

from ballast.lake.declare import Choice, Column, Kind, Sensitivity, Stage, Table
from ballast.lake.tables.ledger import LOAD
from ballast.lake.tables.plant_assets import OWN_USCC, TAG_ID
from ballast.lake.tables.shared_columns import ZERO
from ballast.terms.label import Label
from ballast.terms.unit import COUNT

__all__ = [
    "COLLECT_EVENT_KINDS",
    "PLANT_PROVENANCE",
    "TELEMETRY",
    "TELEMETRY_1H",
    "TELEMETRY_1MIN",
    "TELEMETRY_EVENT",
]

PLANT_PROVENANCE = replace(
    LOAD.column("provenance"),
    default=None,
    meaning=Label(
        "该工厂的数据是真实的还是合成的", "whether the plant's data are real or invented"
    ),
)
_TIME = Column(name="time", kind=Kind.TIMESTAMP, required=True, label=Label("时间", "time"), meaning=Label("数据源给出的时刻", "when, as its source says"))  # fmt: skip


def _flag(name: str, zh: str, en: str, meaning: Label) -> Column:
    return Column(name=name, kind=Kind.FLAG, required=True, label=Label(zh, en), meaning=meaning)


TELEMETRY = Table(
    name="telemetry",
    label=Label("采样值", "samples"),
    meaning=Label(
        "一个测点的一个采样值，如设备所报，不作修改",
        "one value of one tag, as the machine told it",
    ),
    stage=Stage.STREAMED,
    moment="time",
    key=("tag", "time", "ordinal"),
    sorted_by=("tag", "time"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    columns=(
        TAG_ID,
        _TIME,
        Column(name="ordinal", kind=Kind.INTEGER, required=True, least=ZERO, label=Label("序次", "ordinal"), meaning=Label("同一测点同一时刻的第几个值，从 0 起", "which of the values of one tag and one moment, from 0")),
        Column(name="value", kind=Kind.NUMBER, label=Label("数值", "value"), meaning=Label("数值，单位见测点；报空值或文本时为空，“非数”与无穷照实保存", "the number, in the unit of its tag; empty where null or a text was told; not-a-number and infinities are kept")),
        Column(name="text", kind=Kind.TEXT, label=Label("文本", "text"), meaning=Label("文本值；整数超出 2⁵³ 时为其准确写法", "a value that is a text, and whole numbers beyond 2⁵³ exactly")),
        Column(name="quality", kind=Kind.INTEGER, required=True, label=Label("质量码", "quality"), meaning=Label("数据源给出的质量码；192 为良好", "quality code of the source; 192 is good")),
        Column(name="received_at", kind=Kind.TIMESTAMP, required=True, label=Label("接收时间", "received at"), meaning=Label("采集器收到的时刻", "when the collector had it")),
        _flag("late", "迟到", "late", Label("时间早于该测点已收到的值", "older than what its tag had told already")),
        _flag("ahead", "超前", "ahead", Label("时间晚于采集器的时钟", "newer than the collector's clock")),
        _flag("historical", "历史", "historical", Label("数据源标明为历史值", "called historical by its source")),
        _flag("retained", "保留消息", "retained", Label("服务器保留的旧消息", "an old message that the broker had kept")),
        _flag("stale", "过期", "stale", Label("数据源已离线", "its source was offline")),
        _flag("untimed", "无源时间", "untimed", Label("数据源未给时间，以接收时间代之", "its source told no time; that of receipt stands for it")),
        _flag("unmapped", "未映射", "unmapped", Label("映射文件中没有该测点", "the mapping does not know the tag")),
        OWN_USCC,
        PLANT_PROVENANCE,
    ),
)  # fmt: skip


def _number(name: str, zh: str, en: str, meaning: Label) -> Column:
    return Column(name=name, kind=Kind.NUMBER, label=Label(zh, en), meaning=meaning)


def _count(name: str, zh: str, en: str, meaning: Label) -> Column:
    return Column(name=name, kind=Kind.INTEGER, unit=COUNT, required=True, least=ZERO, label=Label(zh, en), meaning=meaning)  # fmt: skip


def _moment(name: str, zh: str, en: str, meaning: Label) -> Column:
    return Column(name=name, kind=Kind.TIMESTAMP, required=True, label=Label(zh, en), meaning=meaning)  # fmt: skip


_PART_COLUMNS = (
    TAG_ID,
    replace(_TIME, meaning=Label("时段的起点", "begin of the window")),
    Column(name="ordinal", kind=Kind.INTEGER, required=True, least=ZERO, label=Label("部分", "part"), meaning=Label("同一时段的各部分之一；合计时各部分相加", "which part of the window; the parts of a window add up")),
    _count("count", "个数", "count", Label("采样个数", "how many samples")),
    _count("finite", "有效个数", "numbers", Label("其中为有限数值的个数；以下各项只计这些", "how many of them are finite numbers; what follows is of these alone")),
    _number("sum", "合计", "sum", Label("数值之和", "sum of the values")),
    _number("sum_squares", "离差平方和", "sum of squares", Label("与均值之差的平方和", "sum of the squared differences from the mean")),
    _number("least", "最小值", "least", Label("最小值", "the least value")),
    _number("most", "最大值", "most", Label("最大值", "the greatest value")),
    _number("first", "首值", "first", Label("时间最早的数值", "the earliest value")),
    Column(name="first_at", kind=Kind.TIMESTAMP, label=Label("首值时间", "first at"), meaning=Label("最早数值的时刻", "when the earliest value was")),
    _number("last", "末值", "last", Label("时间最晚的数值", "the latest value")),
    Column(name="last_at", kind=Kind.TIMESTAMP, label=Label("末值时间", "last at"), meaning=Label("最晚数值的时刻", "when the latest value was")),
    _number("rise", "增量", "rise", Label("计数器在本部分内的增量；读数变小视为归零重计", "by how much a counter rose inside the part; a reading below the one before counts from zero")),
    _count("good_count", "良好个数", "good quality", Label("质量良好的采样个数", "how many samples were of good quality")),
    _count("late_count", "迟到个数", "late", Label("迟到的采样个数", "how many samples came late")),
    OWN_USCC,
    PLANT_PROVENANCE,
)  # fmt: skip

TELEMETRY_1MIN = Table(
    name="telemetry_1min",
    label=Label("分钟汇总", "samples by the minute"),
    meaning=Label(
        "一个测点一分钟采样值的汇总，可分几部分",
        "the samples of a tag in one minute summed up, in one or several parts",
    ),
    stage=Stage.STREAMED,
    moment="time",
    key=("tag", "time", "ordinal"),
    sorted_by=("tag", "time"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    columns=_PART_COLUMNS,
)

TELEMETRY_1H = replace(
    TELEMETRY_1MIN,
    name="telemetry_1h",
    label=Label("小时汇总", "samples by the hour"),
    meaning=Label(
        "一个测点一小时采样值的汇总，可分几部分",
        "the samples of a tag in one hour summed up, in one or several parts",
    ),
)

COLLECT_EVENT_KINDS = (
    Choice("gap", Label("数据中断", "gap")),
    Choice("stale", Label("数据过期", "stale")),
    Choice("rebirth-asked", Label("请求重新上线", "rebirth asked")),
    Choice("duplicate", Label("重复", "duplicate")),
    Choice("conflict", Label("同刻异值", "conflict")),
    Choice("late", Label("迟到", "late")),
    Choice("ahead", Label("时钟超前", "ahead")),
    Choice("unmapped", Label("未映射", "unmapped")),
    Choice("alias-clash", Label("别名冲突", "alias clash")),
    Choice("unreadable", Label("无法解读", "unreadable")),
    Choice("doubt", Label("存疑", "doubt")),
    Choice("broker-lost", Label("服务器断开", "broker lost")),
    Choice("broker-back", Label("服务器恢复", "broker back")),
    Choice("spool-full", Label("缓存已满", "spool full")),
    Choice("torn-log", Label("日志残缺", "torn log")),
    Choice("started", Label("采集启动", "started")),
    Choice("stopped", Label("采集停止", "stopped")),
)

TELEMETRY_EVENT = Table(
    name="telemetry_event",
    label=Label("采集事件", "events of collecting"),
    meaning=Label(
        "采集中发生的一件影响数据质量的事",
        "one thing that befell the data on their way and that their reader must know",
    ),
    stage=Stage.STREAMED,
    moment="at",
    key=("at", "seq"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    columns=(
        Column(name="seq", kind=Kind.INTEGER, required=True, least=ZERO, label=Label("序号", "sequence number"), meaning=Label("事件在采集缓存中的序号", "number of the event in the spool")),
        _moment("at", "时间", "time", Label("采集器记下的时刻", "when the collector noted it")),
        Column(name="kind", kind=Kind.CHOICE, required=True, choices=COLLECT_EVENT_KINDS, label=Label("事件", "event"), meaning=Label("发生了什么", "what happened")),
        Column(name="source", kind=Kind.TEXT, required=True, label=Label("来源", "source"), meaning=Label("涉及的节点、设备、主题或采集器自身", "the node, device, topic or collector it is about")),
        replace(TAG_ID, required=False, meaning=Label("涉及的测点；涉及整个来源则空", "the tag; empty where it is about a whole source")),
        Column(name="since", kind=Kind.TIMESTAMP, label=Label("起", "since"), meaning=Label("影响的时段自此起", "what it is about begins here")),
        Column(name="until", kind=Kind.TIMESTAMP, label=Label("止", "until"), meaning=Label("影响的时段至此止；仍在持续则空", "and ends here; empty while it lasts")),
        _count("count", "次数", "count", Label("合并在本行内的次数", "how many are told by this row")),
        Column(name="detail", kind=Kind.TEXT, label=Label("说明", "detail"), meaning=Label("具体情况", "what exactly")),
        OWN_USCC,
        PLANT_PROVENANCE,
    ),
)  # fmt: skip
