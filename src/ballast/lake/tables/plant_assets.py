"""What a plant consists of: its assets and the tags by which they speak.

Loaded, not streamed: the mapping of a site is a file that people keep, and a
change of it is a load like any other. The collector reads that file itself;
these rows are for whoever joins measured values with names, units and handles.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ballast.lake.declare import Choice, Column, Kind, Sensitivity, Table
from ballast.lake.tables.shared_columns import USCC
from ballast.terms.label import Label

__all__ = ["ASSET", "ASSET_ID", "OWN_USCC", "TAG", "TAG_ID"]

# Asset and tag ids are paths such as valve-shop/machining/lathe-1; what the mapping does not know
# is named after the metric of the machine, which may hold blanks.
ASSET_ID = Column(name="asset", kind=Kind.TEXT, required=True, label=Label("设备", "asset"), meaning=Label("设备或区域的编号，形如 valve-shop/machining/lathe-1", "path of the asset, such as valve-shop/machining/lathe-1"), synonyms=("设备编号", "设备代码", "机台", "机台编号"))  # fmt: skip
TAG_ID = Column(name="tag", kind=Kind.TEXT, required=True, label=Label("测点", "tag"), meaning=Label("测点编号：设备编号加测点名", "path of the tag: that of its asset, and its own name"), synonyms=("测点编号", "点位", "数据点"))  # fmt: skip
OWN_USCC = replace(
    USCC,
    required=False,
    meaning=Label(
        "所属企业；未配置映射的工厂可空",
        "whose it is; empty where a plant has no mapping yet",
    ),
)

_LEVELS = (
    Choice("enterprise", Label("企业", "enterprise")),
    Choice("site", Label("厂区", "site"), ("工厂",)),
    Choice("area", Label("车间", "area"), ("区域",)),
    Choice("line", Label("产线", "line"), ("生产线", "工段")),
    Choice("machine", Label("设备", "machine"), ("机台", "单机")),
)

ASSET = Table(
    name="asset",
    label=Label("设备", "assets"),
    meaning=Label(
        "企业、厂区、车间、产线或设备之一，按 ISA-95 分层",
        "an enterprise, site, area, line or machine, in the levels of ISA-95",
    ),
    key=("asset",),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    columns=(
        OWN_USCC,
        ASSET_ID,
        Column(name="parent", kind=Kind.TEXT, label=Label("上级", "parent"), meaning=Label("上一级设备的编号；最上级则空", "the asset above; empty for the topmost"), synonyms=("上级设备", "所属产线")),
        Column(name="level", kind=Kind.CHOICE, required=True, default="machine", choices=_LEVELS, label=Label("层级", "level"), meaning=Label("ISA-95 设备层级", "level of ISA-95")),
        Column(name="name", kind=Kind.TEXT, required=True, label=Label("名称", "name"), meaning=Label("设备名称", "what it is called"), synonyms=("设备名称",)),
        Column(name="name_en", kind=Kind.TEXT, label=Label("英文名称", "English name"), meaning=Label("英文名称", "what it is called in English")),
        Column(name="handle", kind=Kind.TEXT, label=Label("标识", "identifier"), meaning=Label("设备的工业互联网标识", "its handle"), synonyms=("标识码",)),
        Column(name="cycle_s", kind=Kind.NUMBER, least=Decimal(0), label=Label("标准节拍（秒）", "cycle (s)"), meaning=Label("每件的计划生产时间，秒（ISO 22400-2 的 PRI）", "planned run time of one item in seconds, PRI of ISO 22400-2"), synonyms=("标准节拍", "节拍", "理论节拍")),
        Column(name="asset_group", kind=Kind.TEXT, label=Label("设备组", "asset group"), meaning=Label("日汇总所用的分组，如机加工", "the group under which days are summed up, such as machining"), synonyms=("分组",)),
    ),
)  # fmt: skip

_ROLES = (
    Choice("measurement", Label("测量值", "measurement"), ("测量",)),
    Choice("state", Label("设备状态", "state"), ("状态",)),
    Choice("produced", Label("产量计数", "produced"), ("产量",)),
    Choice("good", Label("合格品计数", "good"), ("合格",)),
    Choice("scrap", Label("废品计数", "scrap"), ("废品",)),
    Choice("rework", Label("返工计数", "rework"), ("返工",)),
    Choice("energy", Label("电能计数", "energy counter"), ("电量",)),
    Choice("power", Label("功率", "power")),
    Choice("other", Label("其他", "other")),
)

TAG = Table(
    name="tag",
    label=Label("测点", "tags"),
    meaning=Label(
        "一个测点：属于哪台设备、测的是什么量、用什么单位、从哪里来",
        "one tag: of which asset, which quantity, in which unit, and where it comes from",
    ),
    key=("tag",),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    columns=(
        OWN_USCC,
        TAG_ID,
        ASSET_ID,
        Column(name="name", kind=Kind.TEXT, required=True, label=Label("名称", "name"), meaning=Label("测点名称", "what it is called"), synonyms=("测点名称",)),
        Column(name="name_en", kind=Kind.TEXT, label=Label("英文名称", "English name"), meaning=Label("英文名称", "what it is called in English")),
        Column(name="quantity", kind=Kind.TEXT, label=Label("物理量", "quantity"), meaning=Label("如温度、电流、件数", "such as temperature, current, count")),
        Column(name="unit", kind=Kind.TEXT, label=Label("单位", "unit"), meaning=Label("数值的单位", "unit of its values"), synonyms=("计量单位",)),
        Column(name="role", kind=Kind.CHOICE, required=True, default="measurement", choices=_ROLES, label=Label("用途", "role"), meaning=Label("测点在指标中的作用", "what it is to the key figures")),
        Column(name="states", kind=Kind.TEXT, label=Label("状态含义", "states"), meaning=Label("状态测点各取值的含义，如 0=idle; 1=producing; 3=delayed:换刀", "what the values of a state tag mean: 0=idle; 1=producing; 3=delayed:tool change"), synonyms=("取值含义",)),
        Column(name="every_s", kind=Kind.NUMBER, least=Decimal(0), label=Label("周期（秒）", "every (s)"), meaning=Label("应有的采样周期，秒；不定期则空", "how often it should come, in seconds; empty for on change"), synonyms=("采样周期",)),
        Column(name="lower", kind=Kind.NUMBER, label=Label("规格下限", "lower limit"), meaning=Label("规格下限", "lower specification limit"), synonyms=("下限", "LSL")),
        Column(name="target", kind=Kind.NUMBER, label=Label("目标值", "target"), meaning=Label("规格目标值", "target of the specification"), synonyms=("目标", "标称值")),
        Column(name="upper", kind=Kind.NUMBER, label=Label("规格上限", "upper limit"), meaning=Label("规格上限", "upper specification limit"), synonyms=("上限", "USL")),
        Column(name="subgroup", kind=Kind.INTEGER, least=Decimal(1), label=Label("子组大小", "subgroup"), meaning=Label("控制图的子组容量", "how many values make a subgroup of its control chart")),
        Column(name="handle", kind=Kind.TEXT, label=Label("标识", "identifier"), meaning=Label("测点的工业互联网标识", "its handle")),
        Column(name="source", kind=Kind.TEXT, label=Label("来源", "source"), meaning=Label("报文中的位置：Sparkplug 的组、节点、设备、指标，或 JSON 的主题与字段", "where it stands in what the machine sends: group, node, device and metric of Sparkplug, or topic and field of JSON")),
    ),
)  # fmt: skip
