"""The sealed cube: the published figures of enterprises, and which are withheld.

One row for each indicator, cell and period of a vintage, rather than one
column for each indicator: what may be published is decided cell by cell, and
a withheld cell is a row that says so and holds no number. Nothing here tells a
cell that is sensitive itself from one that is withheld for the sake of another.
"""

from __future__ import annotations

from dataclasses import replace

from ballast.lake.declare import Choice, Column, Kind, Sensitivity, Stage, Table
from ballast.lake.tables.shared_columns import PERIOD, ZERO
from ballast.terms.label import Label

REGION_KINDS = (
    Choice("nation", Label("全国", "nation")),
    Choice("province", Label("省", "province")),
    Choice("city", Label("市", "city")),
    Choice("county", Label("县（市、区）", "county")),
    Choice("zone", Label("功能区", "zone")),
    Choice("rest", Label("县（市、区）内功能区以外", "county without its zones")),
)

INDICATOR_VALUE = Table(
    name="indicator_value",
    label=Label("封存指标", "sealed indicators"),
    meaning=Label(
        "一个版本、一项指标、一个单元、一个时期的公开数值或不予公布的标记；由企业数据一次算成",
        "one indicator, cell and period of a vintage: its published value, or that it is withheld",
    ),
    stage=Stage.DERIVED,
    sensitivity=Sensitivity.PUBLIC,
    key=("vintage", "indicator", "region", "region_kind", "industry", "cluster", "period"),
    columns=(
        Column(name="vintage", kind=Kind.TEXT, required=True, label=Label("版本", "vintage"), meaning=Label("封存的版本，如 2026-05.1", "which sealing, 2026-05.1")),
        Column(name="indicator", kind=Kind.CODE, required=True, label=Label("指标", "indicator"), meaning=Label("指标的键", "key of the indicator")),
        Column(name="region", kind=Kind.CODE, required=True, label=Label("地区代码", "region code"), meaning=Label("地区或功能区的代码", "code of the region or zone")),
        Column(name="region_kind", kind=Kind.CHOICE, required=True, choices=REGION_KINDS, label=Label("地区层级", "kind of region"), meaning=Label("该代码是市、县、功能区，还是县内功能区以外", "whether the code stands for a city, a county, a zone, or a county without its zones")),
        Column(name="parent", kind=Kind.CODE, label=Label("上级代码", "parent"), meaning=Label("所在的上一级地区，最高一级为空", "the region it lies in, empty at the top")),
        Column(name="industry", kind=Kind.CODE, label=Label("行业代码", "industry code"), meaning=Label("GB/T 4754-2017 门类、大类或中类，空为全部工业", "section, division or group of GB/T 4754-2017, empty: all industry")),
        Column(name="cluster", kind=Kind.CODE, label=Label("集群", "cluster"), meaning=Label("集群的键，空为不按集群", "key of the cluster, empty: not by cluster")),
        Column(name="definition", kind=Kind.CODE, label=Label("集群定义", "definition"), meaning=Label("集群所属的定义", "which set of definitions the cluster is of")),
        replace(PERIOD, synonyms=()),
        Column(name="status", kind=Kind.CHOICE, required=True, label=Label("状态", "status"), meaning=Label("公布、不予公布，或无定义", "published, withheld, or undefined"),
               choices=(Choice("published", Label("公布", "published")), Choice("suppressed", Label("不予公布", "withheld")), Choice("undefined", Label("无定义", "undefined")))),
        Column(name="value", kind=Kind.NUMBER, label=Label("数值", "value"), meaning=Label("以该指标的单位计；不公布则空", "in the indicator's unit; empty unless published")),
        Column(name="numerator", kind=Kind.DECIMAL, label=Label("分子", "numerator"), meaning=Label("比值的分子，或数值本身的精确值", "of a ratio; of an amount the exact value")),
        Column(name="denominator", kind=Kind.DECIMAL, label=Label("分母", "denominator"), meaning=Label("比值的分母", "of a ratio")),
        Column(name="reporting", kind=Kind.INTEGER, least=ZERO, label=Label("报告单位数", "reporting"), meaning=Label("期末报告的企业数；企业数本身不公布则空", "enterprises that reported at the end; empty where their number is withheld")),
        Column(name="made_from", kind=Kind.TEXT, required=True, label=Label("所据装载", "made from"), meaning=Label("所依据的装载编号，以逗号分隔", "the loads it was made from, comma separated")),
        Column(name="as_of", kind=Kind.TIMESTAMP, required=True, label=Label("数据截至", "as of"), meaning=Label("所据装载中最新一次的时间", "when the newest of these loads came in")),
        Column(name="synthetic", kind=Kind.FLAG, required=True, label=Label("合成", "synthetic"), meaning=Label("所据数据是否含合成数据", "whether any of these loads is invented")),
    ),
)  # fmt: skip
