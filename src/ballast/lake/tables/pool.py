"""The sealed pool: how many stand at each rung of the ladder of titles, and what is withheld.

Apart from the sealed indicators (``indicator``), because what is counted here
is no report of a month but what the law says of an enterprise on a day, and
because its counts are protected by whole enterprises and not by shares.
"""

from __future__ import annotations

from dataclasses import replace

from ballast.lake.declare import Choice, Column, Kind, Sensitivity, Stage, Table
from ballast.lake.tables.indicator import REGION_KINDS
from ballast.lake.tables.shared_columns import PERIOD, ZERO
from ballast.terms.label import Label

__all__ = ["POLICY_POOL"]

POLICY_POOL = Table(
    name="policy_pool",
    label=Label("封存梯队", "sealed pool"),
    meaning=Label(
        "一个版本、一项称号、一种状态、一个地区或集群的企业数，或不予公布的标记；由企业数据一次算成",
        "how many enterprises stand so before a title, in a region or a cluster, in a vintage; or "
        "that it is withheld",
    ),
    stage=Stage.DERIVED,
    sensitivity=Sensitivity.PUBLIC,
    key=("vintage", "scheme", "standing", "criterion", "region", "region_kind", "cluster"),
    columns=(
        Column(name="vintage", kind=Kind.TEXT, required=True, label=Label("版本", "vintage"), meaning=Label("封存的版本，如 2026-05.1", "which sealing, 2026-05.1")),
        Column(name="scheme", kind=Kind.CODE, required=True, label=Label("称号", "scheme"), meaning=Label("称号的键，如 little_giant", "key of the title, such as little_giant")),
        Column(name="standing", kind=Kind.CHOICE, required=True, label=Label("状态", "standing"), meaning=Label("企业对该称号所处的状态", "where the enterprises stand before the title"),
               choices=(Choice("holds", Label("已获得", "holders")), Choice("eligible", Label("已达标", "eligible")), Choice("review", Label("待人工审核", "for people to review")), Choice("near", Label("只差一项", "one criterion away")))),
        Column(name="criterion", kind=Kind.CODE, label=Label("所差条件", "criterion"), meaning=Label("只差的那一项条件，空为不分条件", "the one criterion that they lack, empty: whichever")),
        Column(name="region", kind=Kind.CODE, required=True, label=Label("地区代码", "region code"), meaning=Label("地区的代码；按集群时为全区域", "code of the region; of a cluster that of the whole")),
        Column(name="region_kind", kind=Kind.CHOICE, required=True, choices=REGION_KINDS, label=Label("地区层级", "kind of region"), meaning=Label("该代码是市、县等", "what kind of region the code is of")),
        Column(name="cluster", kind=Kind.CODE, label=Label("集群", "cluster"), meaning=Label("集群的键，空为不按集群", "key of the cluster, empty: not by cluster")),
        Column(name="definition", kind=Kind.CODE, label=Label("集群定义", "definition"), meaning=Label("集群所属的定义", "which set of definitions the cluster is of")),
        replace(PERIOD, synonyms=(), meaning=Label("所属年度；一个年度的梯队封存后不再变动", "the year; once sealed, the pool of a year stays as it was")),
        Column(name="day", kind=Kind.DATE, required=True, label=Label("判定日", "day"), meaning=Label("按哪一天的规则和事实判定", "the day whose rules and facts decided")),
        Column(name="law", kind=Kind.CODE, required=True, label=Label("规则版本", "version of the law"), meaning=Label("所适用的规则版本", "which version of the law applied")),
        Column(name="status", kind=Kind.CHOICE, required=True, label=Label("公布状态", "status"), meaning=Label("公布或不予公布", "published or withheld"),
               choices=(Choice("published", Label("公布", "published")), Choice("suppressed", Label("不予公布", "withheld")))),
        Column(name="enterprises", kind=Kind.INTEGER, least=ZERO, label=Label("企业数", "enterprises"), meaning=Label("企业数；不公布则空", "how many enterprises; empty where it is withheld")),
        Column(name="made_from", kind=Kind.TEXT, required=True, label=Label("所据装载", "made from"), meaning=Label("所依据的装载编号，以逗号分隔", "the loads it was made from, comma separated")),
        Column(name="as_of", kind=Kind.TIMESTAMP, required=True, label=Label("数据截至", "as of"), meaning=Label("所据装载中最新一次的时间", "when the newest of these loads came in")),
        Column(name="synthetic", kind=Kind.FLAG, required=True, label=Label("合成", "synthetic"), meaning=Label("所据数据是否含合成数据", "whether any of these loads is invented")),
    ),
)  # fmt: skip
