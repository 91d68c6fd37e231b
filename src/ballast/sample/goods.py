"""What the ten clusters make and what they make it with: names and models for identifiers.

Trade names, not brands: whoever reads ``steel pipe 219×8`` finds a plausible
thing of the cluster and nobody's product. Three products and two kinds of
machine a cluster are enough for a page to look at; what an enterprise really
makes would be a list of thousands.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["GOODS", "MACHINES", "Thing"]


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of product or machine.

    Parameters
    ----------
    zh, en
        What it is called.
    code
        How its models begin.
    shelf_days
        How long a batch of it may be used; 0 for ever.
    """

    zh: str
    en: str
    code: str
    shelf_days: int = 0


GOODS: dict[str, tuple[Thing, ...]] = {
    "dongchangfu-bearing-cages": (
        Thing("冲压保持器", "Stamped bearing cage", "BJC"),
        Thing("黄铜实体保持器", "Machined brass cage", "BJH"),
        Thing("尼龙保持器", "Nylon bearing cage", "BJN"),
    ),
    "chiping-aluminium": (
        Thing("铝合金板材", "Aluminium alloy sheet", "LB"),
        Thing("铝箔坯料", "Aluminium foil stock", "LP"),
        Thing("铝合金型材", "Aluminium extrusion", "LX"),
    ),
    "linqing-bearings": (
        Thing("深沟球轴承", "Deep groove ball bearing", "ZQ"),
        Thing("圆锥滚子轴承", "Tapered roller bearing", "ZZ"),
        Thing("轴承套圈锻件", "Forged bearing ring", "ZD"),
    ),
    "guanxian-steel-sheet": (
        Thing("镀锌钢板", "Galvanised steel sheet", "GDX"),
        Thing("彩涂钢板", "Colour-coated steel sheet", "GCT"),
        Thing("冷轧钢板", "Cold-rolled steel sheet", "GLZ"),
    ),
    "shenxian-green-food": (
        Thing("鲜香菇", "Fresh shiitake", "SXG", 14),
        Thing("速冻蔬菜", "Quick-frozen vegetables", "SSC", 540),
        Thing("冷却鸡肉", "Chilled chicken", "SJR", 12),
    ),
    "yanggu-copper": (
        Thing("铜杆", "Copper rod", "TG"),
        Thing("电力电缆", "Power cable", "TDL"),
        Thing("铜板带", "Copper strip", "TB"),
    ),
    "donge-health": (
        Thing("中药饮片", "Prepared herbs", "DYP", 720),
        Thing("营养补充剂", "Nutritional supplement", "DYY", 720),
        Thing("口服液", "Oral liquid", "DKF", 540),
    ),
    "gaotang-equipment": (
        Thing("谷物收获机", "Grain harvester", "NSG"),
        Thing("叉车门架", "Forklift mast", "NCM"),
        Thing("小型装载机", "Compact loader", "NZJ"),
    ),
    "kfq-steel-pipe": (
        Thing("无缝钢管", "Seamless steel pipe", "GWF"),
        Thing("焊接钢管", "Welded steel pipe", "GHJ"),
        Thing("管件法兰", "Pipe flange", "GFL"),
    ),
    "gxq-new-energy-vehicles": (
        Thing("动力电池包", "Traction battery pack", "XDC"),
        Thing("驱动电机", "Traction motor", "XDJ"),
        Thing("车身结构件", "Body structural part", "XCS"),
    ),
}

MACHINES: dict[str, tuple[Thing, ...]] = {
    "dongchangfu-bearing-cages": (
        Thing("高速冲床", "High-speed press", "CC"),
        Thing("数控车床", "CNC lathe", "CK"),
    ),
    "chiping-aluminium": (
        Thing("铝板轧机", "Aluminium rolling mill", "ZJ"),
        Thing("铝型材挤压机", "Extrusion press", "JY"),
    ),
    "linqing-bearings": (
        Thing("轴承磨床", "Bearing grinder", "MZ"),
        Thing("辗环机", "Ring rolling machine", "NH"),
    ),
    "guanxian-steel-sheet": (
        Thing("热镀锌线", "Hot-dip galvanising line", "DX"),
        Thing("彩涂线", "Colour-coating line", "CT"),
    ),
    "shenxian-green-food": (
        Thing("速冻隧道", "Freezing tunnel", "SD"),
        Thing("分选机", "Sorting machine", "FX"),
    ),
    "yanggu-copper": (
        Thing("连铸连轧机", "Continuous casting and rolling mill", "LZ"),
        Thing("成缆机", "Cable laying machine", "CL"),
    ),
    "donge-health": (
        Thing("提取罐", "Extraction vessel", "TQ"),
        Thing("灌装机", "Filling machine", "GZ"),
    ),
    "gaotang-equipment": (
        Thing("焊接机器人", "Welding robot", "HR"),
        Thing("加工中心", "Machining centre", "JG"),
    ),
    "kfq-steel-pipe": (
        Thing("穿孔机", "Piercing mill", "CK"),
        Thing("焊管机组", "Welded pipe mill", "HG"),
    ),
    "gxq-new-energy-vehicles": (
        Thing("电芯装配线", "Cell assembly line", "DZ"),
        Thing("压铸机", "Die-casting machine", "YZ"),
    ),
}
