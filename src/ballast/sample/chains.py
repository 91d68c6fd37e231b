"""The chains of the ten clusters: products from material to use, as the lake holds them.

Written down as an industry bureau would, product by product with the classes
that make each. Only industrial classes stand here: the sample registers no
farms, and a stage that nobody could be registered on would look missing. Which
products come from abroad is a judgement of the sample, and its basis says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ballast.sample.synthetic import typed
from ballast.terms.label import Label

__all__ = ["CHAINS", "Chain", "Product", "definition_frame"]

_BASIS = "示例判断：{zh} / a judgement of the sample: {en}"


@dataclass(frozen=True, slots=True)
class Product:
    """One stage: its key, what it is called, its classes, who takes it, why it is imported."""

    key: str
    label: Label
    classes: tuple[str, ...]
    feeds: tuple[str, ...]
    imported: Label | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain of one cluster, under the cluster's key."""

    key: str
    label: Label
    products: tuple[Product, ...]


def _product(
    key: str, zh: str, en: str, classes: str, feeds: str = "", imported: tuple[str, str] = ("", "")
) -> Product:
    why = Label(*imported) if imported[0] else None
    return Product(key, Label(zh, en), tuple(classes.split()), tuple(feeds.split()), why)


_P = _product

CHAINS = (
    Chain("dongchangfu-bearing-cages", Label("轴承保持器产业链", "Bearing cages"), (
        _P("strip", "冷轧钢带", "cold-rolled strip", "3130", "cages"),
        _P("brass", "黄铜棒管", "brass bar and tube", "3251", "cages"),
        _P("nylon", "工程尼龙", "engineering nylon", "2651", "cages",
           ("耐高温牌号多用进口", "heat-resistant grades are mostly bought abroad")),
        _P("dies", "冲压与注塑模具", "stamping and moulding dies", "3525", "cages"),
        _P("presses", "高速冲床", "high-speed presses", "3422", "cages",
           ("高速精密机型多用进口", "fast precision models are mostly bought abroad")),
        _P("cages", "保持器", "bearing cages", "3489", "bearings"),
        _P("bearings", "滚动轴承", "rolling bearings", "3451", "gearboxes motors"),
        _P("gearboxes", "齿轮箱、减速机", "gearboxes and reducers", "3453"),
        _P("motors", "电动机", "electric motors", "3812 3813"),
    )),
    Chain("chiping-aluminium", Label("铝产业链", "Aluminium"), (
        _P("bauxite", "铝土矿", "bauxite", "0916", "smelting",
           ("本地无矿，主要用进口矿", "no local ore; most is bought abroad")),
        _P("alkali", "烧碱", "caustic soda", "2612", "smelting"),
        _P("anodes", "炭阳极", "carbon anodes", "3091", "smelting"),
        _P("smelting", "氧化铝、电解铝", "alumina and primary aluminium", "3216", "alloys rolling"),
        _P("alloys", "铝合金", "aluminium alloys", "3240", "rolling castings"),
        _P("rolling", "铝板带箔、型材", "sheet, foil and extrusions", "3252",
           "windows packaging structures bodies"),
        _P("castings", "铝铸件", "aluminium castings", "3392", "bodies"),
        _P("windows", "铝门窗", "aluminium doors and windows", "3312"),
        _P("packaging", "铝包装容器", "aluminium packaging", "3333"),
        _P("structures", "铝结构件", "aluminium structures", "3311"),
        _P("bodies", "车身与挂车", "vehicle bodies and trailers", "3660"),
    )),
    Chain("linqing-bearings", Label("轴承产业链", "Bearings"), (
        _P("steel", "轴承钢", "bearing steel", "3120 3130", "forgings parts",
           ("高端牌号多用进口", "high-end grades are mostly bought abroad")),
        _P("forgings", "套圈锻件", "forged rings", "3393", "rings"),
        _P("rings", "套圈车磨加工", "turned and ground rings", "3484", "bearings"),
        _P("grinders", "轴承磨床", "bearing grinders", "3421", "rings",
           ("精密机型多用进口", "precision models are mostly bought abroad")),
        _P("parts", "滚动体与保持器", "rolling elements and cages", "3489", "bearings"),
        _P("ceramics", "陶瓷球", "ceramic balls", "3073", "bearings",
           ("氮化硅毛坯多用进口", "silicon nitride blanks are mostly bought abroad")),
        _P("seals", "密封件", "seals", "3481", "bearings"),
        _P("bearings", "轴承", "bearings", "3451 3452", "drives vehicles machines"),
        _P("drives", "减速机与传动件", "reducers and drives", "3453 3459"),
        _P("vehicles", "汽车零部件", "vehicle parts", "3670"),
        _P("machines", "农机", "farm machines", "3571 3572"),
    )),
    Chain("guanxian-steel-sheet", Label("精品钢板产业链", "Steel sheet"), (
        _P("iron", "生铁", "pig iron", "3110", "steel"),
        _P("ferroalloys", "铁合金", "ferro-alloys", "3140", "steel"),
        _P("steel", "粗钢", "crude steel", "3120", "sheet"),
        _P("sheet", "冷轧板、钢带", "cold-rolled sheet and strip", "3130", "coated"),
        _P("zinc", "锌锭", "zinc", "3212", "coated",
           ("部分用进口锌", "part of it is bought abroad")),
        _P("paint", "卷材涂料", "coil coatings", "2641", "coated"),
        _P("coated", "镀锌、彩涂板", "galvanised and colour-coated sheet", "3360",
           "structures appliances containers"),
        _P("structures", "钢结构与门窗", "structures, doors and windows", "3311 3312"),
        _P("appliances", "家用电器", "household appliances", "385"),
        _P("containers", "集装箱与金属容器", "containers", "3331 3333"),
    )),
    Chain("shenxian-green-food", Label("绿色食品产业链", "Green food"), (
        _P("feed", "饲料", "feed", "132", "slaughter"),
        _P("grain", "粮食加工", "milled grain", "131", "convenience"),
        _P("slaughter", "畜禽屠宰", "slaughtering", "1351 1352", "meat"),
        _P("meat", "肉制品", "meat products", "1353", "convenience"),
        _P("vegetables", "果蔬与食用菌加工", "vegetables, fruit and mushrooms", "137",
           "convenience"),
        _P("soy", "豆制品", "soy products", "1392", "convenience"),
        _P("seasoning", "调味品", "seasonings", "146", "convenience"),
        _P("additives", "食品添加剂", "food additives", "1495", "meat convenience",
           ("酶制剂多用进口", "enzymes are mostly bought abroad")),
        _P("packaging", "薄膜与纸包装", "film and cardboard packaging", "2921 2231",
           "convenience"),
        _P("machines", "食品加工设备", "food-processing machines", "3531 3532",
           "meat vegetables convenience"),
        _P("convenience", "速冻与方便食品", "frozen and convenience food", "143"),
    )),
    Chain("yanggu-copper", Label("铜产业链", "Copper"), (
        _P("ore", "铜精矿", "copper concentrate", "0911", "smelting",
           ("本地无矿，主要用进口矿", "no local ore; most is bought abroad")),
        _P("smelting", "电解铜", "refined copper", "3211", "alloys rolling"),
        _P("alloys", "铜合金", "copper alloys", "3240", "rolling"),
        _P("rolling", "铜杆、板带、管", "copper rod, strip and tube", "3251",
           "cables foil windings"),
        _P("insulation", "电缆料与绝缘材料", "cable compounds and insulation", "2651 3834",
           "cables", ("高压电缆料多用进口", "high-voltage compounds are mostly bought abroad")),
        _P("cables", "电线电缆", "wires and cables", "3831", "grid"),
        _P("foil", "电子铜箔", "copper foil", "3985", "boards"),
        _P("windings", "电机与变压器", "motors and transformers", "3812 3821", "grid"),
        _P("boards", "电子电路", "printed circuits", "3982"),
        _P("grid", "配电开关设备", "switchgear", "3823"),
    )),
    Chain("donge-health", Label("大健康产业链", "Health products"), (
        _P("herbs", "中药饮片", "prepared herbs", "2730", "medicines supplements"),
        _P("substances", "原料药", "active substances", "2710", "medicines"),
        _P("excipients", "药用辅料与包材", "excipients and packaging", "2780",
           "medicines biologicals supplements"),
        _P("reagents", "培养基与试剂", "culture media and reagents", "2661", "biologicals",
           ("无血清培养基多用进口", "serum-free media are mostly bought abroad")),
        _P("machines", "制药设备", "pharmaceutical machines", "3544",
           "medicines biologicals supplements"),
        _P("medicines", "中成药", "Chinese patent medicines", "2740"),
        _P("biologicals", "生物药与疫苗", "biologicals and vaccines", "276"),
        _P("supplements", "营养与保健食品", "nutrition and supplements", "1491 1492"),
    )),
    Chain("gaotang-equipment", Label("装备制造产业链", "Equipment"), (
        _P("castings", "铸铁件", "iron castings", "3391", "gears frames"),
        _P("engines", "柴油机", "diesel engines", "3412", "farm construction vehicles"),
        _P("hydraulics", "液压件", "hydraulics", "3444", "farm construction handling",
           ("高压柱塞泵、阀多用进口", "high-pressure pumps and valves are mostly bought abroad")),
        _P("controls", "控制器", "controllers", "4011", "farm construction handling",
           ("车规控制芯片依赖进口", "their chips are bought abroad")),
        _P("gears", "齿轮与变速箱", "gears and gearboxes", "3453", "farm construction vehicles"),
        _P("tyres", "轮胎", "tyres", "2911", "farm vehicles"),
        _P("frames", "机架与结构件", "frames and welded parts", "3484",
           "farm construction handling"),
        _P("implements", "农机配件", "parts of farm machines", "3576", "farm"),
        _P("farm", "农业机械", "farm machines", "3571 3572"),
        _P("construction", "工程与矿山机械", "construction and mining machines", "3511 3514"),
        _P("handling", "物料搬运设备", "handling equipment", "3432 3433 3434"),
        _P("vehicles", "低速汽车", "low-speed vehicles", "3640"),
    )),
    Chain("kfq-steel-pipe", Label("钢管产业链", "Steel pipe"), (
        _P("ferroalloys", "铁合金", "ferro-alloys", "3140", "billets"),
        _P("billets", "管坯", "billets", "3120", "pipe"),
        _P("mills", "轧管设备", "pipe mills", "3516", "pipe"),
        _P("pipe", "无缝与焊接钢管", "seamless and welded pipe", "3130",
           "fittings coating boilers vessels drilling"),
        _P("coating", "防腐处理", "corrosion protection", "3360", "drilling"),
        _P("forgings", "法兰锻件", "forged flanges", "3393", "fittings"),
        _P("fittings", "管件", "fittings", "3352", "vessels"),
        _P("valves", "阀门", "valves", "3443", "vessels boilers",
           ("高温高压阀门多用进口", "valves for high pressure are mostly bought abroad")),
        _P("boilers", "锅炉", "boilers", "3411"),
        _P("vessels", "压力容器", "pressure vessels", "3332"),
        _P("drilling", "石油钻采设备", "drilling equipment", "3512"),
    )),
    Chain("gxq-new-energy-vehicles", Label("新能源汽车产业链", "New-energy vehicles"), (
        _P("salts", "锂盐等无机盐", "lithium and other salts", "2613", "cathodes",
           ("锂资源多来自境外", "most lithium comes from abroad")),
        _P("cathodes", "电池材料", "battery materials", "3985", "cells"),
        _P("separators", "隔膜", "separator film", "2921", "cells"),
        _P("cells", "动力电池", "traction batteries", "3841 3849", "vehicles"),
        _P("chips", "车规芯片", "automotive chips", "3973", "drives cockpit",
           ("依赖进口", "bought abroad")),
        _P("power", "功率器件", "power devices", "3972 3824", "drives",
           ("高端器件多用进口", "high-end devices are mostly bought abroad")),
        _P("drives", "驱动电机与电控", "traction motors and drives", "3812 3813", "vehicles"),
        _P("cockpit", "智能车载设备", "smart on-board devices", "3962", "vehicles"),
        _P("castings", "铝压铸件", "aluminium die castings", "3392", "parts"),
        _P("parts", "汽车零部件", "vehicle parts", "3670", "vehicles"),
        _P("bodies", "车身", "bodies", "3660", "vehicles"),
        _P("vehicles", "整车", "vehicles", "3612 3650"),
    )),
)  # fmt: skip


def definition_frame() -> pl.DataFrame:
    """Return the table ``chain_definition`` of the ten."""
    rows = [
        (chain, product, code)
        for chain in CHAINS
        for product in chain.products
        for code in product.classes
    ]
    return typed(
        "chain_definition",
        {
            "chain": [c.key for c, _, _ in rows],
            "chain_zh": [c.label.zh for c, _, _ in rows],
            "chain_en": [c.label.en for c, _, _ in rows],
            "cluster": [c.key for c, _, _ in rows],
            "stage": [p.key for _, p, _ in rows],
            "product_zh": [p.label.zh for _, p, _ in rows],
            "product_en": [p.label.en for _, p, _ in rows],
            "feeds": [";".join(p.feeds) or None for _, p, _ in rows],
            "industry_scheme": "gbt4754-2017",
            "industry": [code for _, _, code in rows],
            "import_dependent": [p.imported is not None for _, p, _ in rows],
            "import_basis": [_basis(p.imported) for _, p, _ in rows],
        },
    )


def _basis(why: Label | None) -> str | None:
    return None if why is None else _BASIS.format(zh=why.zh, en=why.en)
