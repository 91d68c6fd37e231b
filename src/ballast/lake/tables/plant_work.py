"""What people and machines report of the work: production, stops, inspections, meters.

They are loaded whether a person typed them, a sheet carried them or a
controller counted them: each is a statement about a past interval that a later
statement corrects, which is what loads are for.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ballast.lake.declare import Choice, Column, Kind, Sensitivity, Stretch, Table
from ballast.lake.tables.plant_assets import ASSET_ID, OWN_USCC
from ballast.lake.tables.shared_columns import ZERO
from ballast.terms import unit
from ballast.terms.label import Label

__all__ = ["DOWNTIME", "ENERGY_METER", "ENTERED_BY", "INSPECTION", "MACHINE_STATES", "PRODUCTION"]

ENTERED_BY = (
    Choice("machine", Label("设备", "machine"), ("自动",)),
    Choice("person", Label("人工", "person"), ("手工",)),
    Choice("file", Label("文件", "file"), ("导入",)),
)

_START = Column(name="start", kind=Kind.TIMESTAMP, required=True, label=Label("开始时间", "start"), meaning=Label("起始时刻，如 2026-05-31 08:00；不带时区的按工厂当地时间", "when it began, 2026-05-31 08:00; without a zone by the clock of the site"), synonyms=("起始时间", "开始", "停机开始"))  # fmt: skip
_END = Column(name="end", kind=Kind.TIMESTAMP, label=Label("结束时间", "end"), meaning=Label("结束时刻；仍在进行则空", "when it ended; empty while it lasts"), synonyms=("终止时间", "结束", "停机结束"))  # fmt: skip
_BATCH = Column(name="batch_handle", kind=Kind.TEXT, label=Label("批次标识", "handle of the batch"), meaning=Label("批次的工业互联网标识", "the handle of the batch"), synonyms=("批次", "批次号"))  # fmt: skip
_BY = Column(name="entered_by", kind=Kind.CHOICE, required=True, default="file", choices=ENTERED_BY, label=Label("录入方式", "entered by"), meaning=Label("由设备、人或文件录入", "told by a machine, a person or a file"))  # fmt: skip


def _pieces(name: str, zh: str, en: str, meaning: Label, *synonyms: str) -> Column:
    return Column(name=name, kind=Kind.NUMBER, unit=unit.COUNT, least=ZERO, label=Label(zh, en), meaning=meaning, synonyms=synonyms)  # fmt: skip


PRODUCTION = Table(
    name="production",
    label=Label("生产记录", "production"),
    meaning=Label(
        "一台设备（或产线）在一段时间内为一个工单生产了多少",
        "what a machine or a line made for an order in a stretch of time",
    ),
    key=("asset", "start"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    one_of=(("produced", "good"),),
    stretch=Stretch("asset", "start", "end", moments=True),
    columns=(
        OWN_USCC,
        ASSET_ID,
        _START,
        _END,
        Column(name="order", kind=Kind.TEXT, label=Label("工单", "order"), meaning=Label("工单号", "number of the order"), synonyms=("工单号", "订单号", "生产订单")),
        Column(name="product", kind=Kind.TEXT, label=Label("产品", "product"), meaning=Label("产品编号或名称", "the product"), synonyms=("产品编号", "产品名称", "品名", "型号")),
        _BATCH,
        _pieces("produced", "产量", "produced", Label("生产总数，含废品与返工品", "made in all, scrap and rework included"), "总产量", "生产数量"),
        _pieces("good", "合格数", "good", Label("一次合格数", "good at the first pass"), "合格品数", "良品数"),
        _pieces("scrap", "废品数", "scrap", Label("报废数", "thrown away"), "报废数", "不良数"),
        _pieces("rework", "返工数", "rework", Label("须返工数", "to be worked again"), "返修数"),
        Column(name="reason", kind=Kind.TEXT, label=Label("不良原因", "reason"), meaning=Label("报废或返工的原因", "why there was scrap or rework"), synonyms=("报废原因",)),
        _BY,
    ),
)  # fmt: skip

# The names of plant.measures.time_model.MachineState, in lower case.
MACHINE_STATES = (
    Choice("producing", Label("加工", "producing")),
    Choice("setup", Label("换型调整", "setup"), ("换型", "调机", "换模")),
    Choice("delayed", Label("故障停机", "delayed"), ("故障", "非计划停机", "停机", "待料")),
    Choice("idle", Label("待机", "idle"), ("无订单", "空闲")),
    Choice("planned_stop", Label("计划停机", "planned stop"), ("休息", "计划保养", "保养")),
)
DOWNTIME = Table(
    name="downtime",
    label=Label("停机记录", "downtime"),
    meaning=Label(
        "一台设备的一次停机：起止、状态与原因",
        "one stop of a machine: from when to when, in which state and why",
    ),
    key=("asset", "start"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    stretch=Stretch("asset", "start", "end"),
    columns=(
        OWN_USCC,
        ASSET_ID,
        _START,
        _END,
        Column(name="state", kind=Kind.CHOICE, required=True, default="delayed", choices=MACHINE_STATES, label=Label("状态", "state"), meaning=Label("停机期间的设备状态", "the state of the machine while it stood"), synonyms=("停机类型", "停机类别")),
        Column(name="reason", kind=Kind.TEXT, label=Label("原因", "reason"), meaning=Label("停机原因", "why it stood"), synonyms=("停机原因",)),
        _BY,
    ),
)  # fmt: skip

INSPECTION = Table(
    name="inspection",
    label=Label("检验记录", "inspection"),
    meaning=Label(
        "一个检验项目的一个实测值或一批的不合格数",
        "one measured value of a characteristic, or the defects counted in one sample",
    ),
    key=("asset", "start", "characteristic", "sample"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    one_of=(("value", "defects", "defectives"),),
    columns=(
        OWN_USCC,
        ASSET_ID,
        replace(_START, label=Label("检验时间", "inspected at"), meaning=Label("检验的时刻，须带时区", "when it was inspected, with its zone"), synonyms=("检测时间", "测量时间")),
        Column(name="characteristic", kind=Kind.TEXT, required=True, label=Label("检验项目", "characteristic"), meaning=Label("如外径、泄漏量", "such as outer diameter, leak rate"), synonyms=("项目", "检测项目", "质量特性")),
        Column(name="sample", kind=Kind.INTEGER, required=True, default="1", least=Decimal(1), label=Label("样本号", "sample"), meaning=Label("同一时刻的第几件，从 1 起", "which piece of one moment, from 1"), synonyms=("样品号", "件号")),
        Column(name="value", kind=Kind.NUMBER, label=Label("实测值", "value"), meaning=Label("实测值", "the measured value"), synonyms=("测量值", "检测值")),
        Column(name="unit", kind=Kind.TEXT, label=Label("单位", "unit"), meaning=Label("实测值的单位", "unit of the value"), synonyms=("计量单位",)),
        Column(name="lower", kind=Kind.NUMBER, label=Label("规格下限", "lower limit"), meaning=Label("规格下限", "lower specification limit"), synonyms=("下限", "LSL")),
        Column(name="upper", kind=Kind.NUMBER, label=Label("规格上限", "upper limit"), meaning=Label("规格上限", "upper specification limit"), synonyms=("上限", "USL")),
        _pieces("inspected", "检验数", "inspected", Label("计数检验的样本量", "size of the sample where defects are counted"), "抽检数", "样本量"),
        _pieces("defectives", "不合格品数", "defectives", Label("样本中的不合格品数", "how many pieces of the sample are defective"), "不合格数"),
        _pieces("defects", "缺陷数", "defects", Label("样本中的缺陷数", "how many defects the sample has"), "不合格点数"),
        _BATCH,
        _BY,
    ),
)  # fmt: skip


def _electric(name: str, quantity: unit.Unit | None, zh: str, en: str, meaning: Label, *synonyms: str) -> Column:  # fmt: skip
    return Column(name=name, kind=Kind.NUMBER, unit=quantity, label=Label(zh, en), meaning=meaning, synonyms=synonyms)  # fmt: skip


ENERGY_METER = Table(
    name="energy_meter",
    label=Label("电表读数", "energy meters"),
    meaning=Label(
        "一块电表在一个时段（通常 15 分钟）的用电量",
        "what a meter counted in one interval, usually 15 minutes",
    ),
    key=("meter", "start"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    columns=(
        OWN_USCC,
        Column(name="meter", kind=Kind.TEXT, required=True, label=Label("电表", "meter"), meaning=Label("电表编号", "the meter"), synonyms=("电表编号", "表号", "计量点")),
        replace(ASSET_ID, required=False, meaning=Label("所计量的设备或区域", "the asset that it meters")),
        _START,
        Column(name="minutes", kind=Kind.NUMBER, required=True, default="15", least=Decimal(0), label=Label("时长（分钟）", "minutes"), meaning=Label("时段的长度，分钟", "length of the interval in minutes")),
        replace(_electric("kwh", unit.KWH, "用电量", "energy", Label("时段内的有功电量", "active energy of the interval"), "有功电量", "电量"), required=True, least=ZERO),
        _electric("kvarh_lagging", None, "感性无功电量（千乏时）", "lagging kVArh", Label("时段内的感性无功电量，千乏时", "lagging reactive energy of the interval in kVArh"), "感性无功电量", "正向无功"),
        _electric("kvarh_leading", None, "容性无功电量（千乏时）", "leading kVArh", Label("时段内的容性无功电量，千乏时", "leading reactive energy of the interval in kVArh"), "容性无功电量", "反向无功"),
        _BY,
    ),
)  # fmt: skip
