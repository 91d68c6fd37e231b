"""The ten clusters of the sample city, and their definition as the lake holds it.

Each is a set of industries in one county or zone. Sizes are revenue in 2025
and are met exactly by the above-scale enterprises drawn for them: two of the
100-billion class (千亿级), five of the 10-billion class (百亿级), three below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ballast.sample.synthetic import typed
from ballast.terms import industry
from ballast.terms.label import Label

__all__ = ["CLUSTERS", "DEFINITION", "Cluster", "Member", "definition_frame", "is_member"]

DEFINITION = "liaocheng-ten"


@dataclass(frozen=True, slots=True)
class Member:
    """One industry of a cluster: a group or a class, and the classes its firms are drawn from."""

    industry: str
    subcluster: str
    classes: Mapping[str, float]  # class to weight in the draw


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster as the sample draws it.

    Parameters
    ----------
    key, label
        What it is called.
    region
        Code of the county, or extension code of the zone.
    county
        The county that its enterprises are registered in.
    firms, revenue_1e8_cny
        Above-scale enterprises, and their revenue in 2025.
    tail
        Spread of the sizes (log standard deviation): 1 even, 2 one giant.
    growth
        Yearly, of revenue.
    export
        How many times the usual chance of its industry an enterprise exports.
    members
        Its industries.
    words
        What the invented names of its enterprises may end in.
    """

    key: str
    label: Label
    region: str
    county: str
    firms: int
    revenue_1e8_cny: float
    tail: float
    growth: float
    export: float
    members: tuple[Member, ...]
    words: tuple[tuple[str, str], ...]

    @property
    def zone(self) -> str | None:
        """The zone it lies in, if it is one of a zone."""
        return self.region if self.region != self.county else None


def _member(code: str, subcluster: str, classes: str) -> Member:
    """Return a member whose classes are written ``3216:2 3252:5``."""
    weights = dict(pair.split(":") for pair in classes.split())
    return Member(code, subcluster, {name: float(weight) for name, weight in weights.items()})


CLUSTERS = (
    Cluster(
        "dongchangfu-bearing-cages", Label("东昌府轴承保持器", "Dongchangfu bearing cages"),
        "371502", "371502", 92, 62, 0.9, 0.06, 1.4,
        (_member("3451", "保持器 cages", "3451:8"), _member("3489", "零部件 parts", "3489:2")),
        (("轴承保持器", "Bearing Cages"), ("轴承配件", "Bearing Parts"), ("精密件", "Precision")),
    ),
    Cluster(
        "chiping-aluminium", Label("茌平铝加工", "Chiping aluminium"),
        "371503", "371503", 124, 1250, 1.9, 0.055, 0.8,
        (_member("3216", "冶炼 smelting", "3216:0.5"), _member("3252", "压延 rolling", "3252:7"),
         _member("3240", "合金 alloys", "3240:1"), _member("3392", "铸造 castings", "3392:1.5")),
        (("铝业", "Aluminium"), ("铝材", "Aluminium Products"), ("铝箔", "Aluminium Foil")),
    ),
    Cluster(
        "linqing-bearings", Label("临清轴承", "Linqing bearings"),
        "371581", "371581", 160, 190, 1.0, 0.06, 1.5,
        (_member("345", "轴承 bearings", "3451:8 3452:2 3453:1 3459:1"),
         _member("3393", "锻件 forgings", "3393:2")),
        (("轴承", "Bearings"), ("精密轴承", "Precision Bearings"), ("锻造", "Forging")),
    ),
    Cluster(
        "guanxian-steel-sheet", Label("冠县精品钢板", "Guanxian steel sheet"),
        "371525", "371525", 104, 420, 1.3, 0.05, 1.6,
        (_member("313", "板材 sheet", "3130:8"), _member("3360", "镀涂 coating", "3360:2")),
        (("新型板材", "Sheet Materials"), ("彩涂板", "Coated Sheet"), ("金属板材", "Metal Sheet")),
    ),
    Cluster(
        "shenxian-green-food", Label("莘县绿色食品", "Shenxian green food"),
        "371522", "371522", 112, 150, 1.0, 0.07, 1.3,
        (_member("131", "粮油 grain", "1312:2 1313:1"), _member("132", "饲料 feed", "1329:1"),
         _member("135", "肉类 meat", "1352:3 1353:2"),
         _member("137", "果蔬 vegetables", "1371:4 1372:2"),
         _member("1392", "豆制品 soy", "1392:1"),
         _member("143", "方便食品 convenience", "1432:2 1433:1")),
        (("食品", "Foods"), ("农产", "Farm Produce"), ("食用菌", "Mushrooms")),
    ),
    Cluster(
        "yanggu-copper", Label("阳谷铜及铜加工", "Yanggu copper and copper products"),
        "371521", "371521", 80, 1060, 1.9, 0.065, 0.7,
        (_member("3211", "冶炼 smelting", "3211:0.3"), _member("3251", "压延 rolling", "3251:5"),
         _member("3240", "合金 alloys", "3240:1"), _member("3831", "线缆 cables", "3831:4")),
        (("铜业", "Copper"), ("铜材", "Copper Products"), ("电缆", "Cables")),
    ),
    Cluster(
        "donge-health", Label("东阿大健康", "Dong'e health products"),
        "371524", "371524", 52, 95, 1.5, 0.08, 0.8,
        (_member("274", "中成药 medicines", "2740:3"), _member("2730", "饮片 herbs", "2730:2"),
         _member("276", "生物药 biologicals", "2761:1"),
         _member("1491", "营养 nutrition", "1491:2"),
         _member("1492", "保健 supplements", "1492:2")),
        (("药业", "Pharmaceuticals"), ("健康科技", "Health Technology"), ("生物", "Biotech")),
    ),
    Cluster(
        "gaotang-equipment", Label("高唐装备制造", "Gaotang equipment"),
        "371526", "371526", 112, 170, 1.3, 0.06, 1.2,
        (_member("364", "低速汽车 low-speed vehicles", "3640:0.5"),
         _member("351", "工程 construction", "3511:1 3514:2 3516:1"),
         _member("352", "化工装备 process", "3521:1 3523:1 3525:2"),
         _member("357", "农机 farm machines", "3571:1 3572:2 3576:2"),
         _member("343", "搬运 handling", "3432:1 3433:1 3434:1")),
        (("重工", "Heavy Industry"), ("机械", "Machinery"), ("农业装备", "Farm Equipment")),
    ),
    Cluster(
        "kfq-steel-pipe", Label("开发区钢管", "Development-zone steel pipe"),
        "371500-KFQ", "371502", 94, 330, 1.2, 0.05, 1.3,
        (_member("3130", "钢管 pipe", "3130:8"), _member("3352", "管件 fittings", "3352:3")),
        (("钢管", "Steel Pipe"), ("管业", "Pipes"), ("无缝钢管", "Seamless Pipe")),
    ),
    Cluster(
        "gxq-new-energy-vehicles", Label("高新区新能源汽车", "High-tech-zone new-energy vehicles"),
        "371500-GXQ", "371502", 56, 88, 1.6, 0.11, 1.2,
        (_member("3612", "整车 vehicles", "3612:0.5"), _member("365", "电车 buses", "3650:0.5"),
         _member("367", "零部件 parts", "3670:8"),
         _member("384", "电池 batteries", "3841:2 3849:1")),
        (("新能源汽车", "Electric Vehicles"), ("汽车部件", "Auto Parts"), ("新能源", "New Energy")),
    ),
)  # fmt: skip


def is_member(cluster: Cluster, industry_class: str, county: str, zone: str | None) -> bool:
    """Return whether an enterprise counts to a cluster by the definition as loaded.

    Examples
    --------
    >>> is_member(CLUSTERS[1], "3252", "371503", None)
    True
    """
    return cluster.region in (county, zone) and any(
        industry_class.startswith(member.industry) for member in cluster.members
    )


def definition_frame(anchors: Mapping[str, str]) -> pl.DataFrame:
    """Return the table ``cluster_definition`` of the ten.

    Parameters
    ----------
    anchors
        Cluster key to the names of its leading enterprises.
    """
    rows = [(cluster, member) for cluster in CLUSTERS for member in cluster.members]
    return typed(
        "cluster_definition",
        {
            "definition": DEFINITION,
            "cluster": [c.key for c, _ in rows],
            "name_zh": [c.label.zh for c, _ in rows],
            "name_en": [c.label.en for c, _ in rows],
            "traded": True,
            "subcluster": [m.subcluster for _, m in rows],
            "industry_scheme": "gbt4754-2017",
            "industry": [m.industry for _, m in rows],
            "industry_name": [industry.industry(m.industry).label.zh for _, m in rows],
            "region_scheme": ["ext" if c.zone else "gb2260" for c, _ in rows],
            "region": [c.region for c, _ in rows],
            "anchor": [anchors.get(c.key) for c, _ in rows],
        },
    )
