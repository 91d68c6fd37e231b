"""Invented names and codes that cannot be anybody's.

A name is place, brand, trade and the mark （样例）. The brand is three
syllables drawn from a list, so no published list of enterprises was needed
to make it and none has to be kept to avoid it. The organisation part of
each code begins with YL (样例), a series that registers do not issue, and
both check characters are right.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ballast.sample.synthetic import NAME_MARK
from ballast.terms.enterprise_code import with_check_character

__all__ = ["BRAND_SYLLABLES", "TRADES", "brands", "codes", "english_name", "full_name"]

# Rare as parts of names, pleasant, and in no name of the city's known enterprises.
BRAND_SYLLABLES = {
    "岚": "lan", "烁": "shuo", "垚": "yao", "澍": "shu", "霁": "ji", "珩": "heng", "璟": "jing",
    "昱": "yu", "翊": "yi", "沅": "yuan", "湉": "tian", "骁": "xiao", "朔": "shuo", "棠": "tang",
    "栩": "xu", "荇": "xing", "芃": "peng", "菡": "han", "蔚": "wei", "桉": "an", "汀": "ting",
    "洵": "xun", "淇": "qi", "漪": "yi", "晗": "han", "昶": "chang", "暄": "xuan", "煦": "xu",
    "炜": "wei", "焱": "yan", "钧": "jun", "铮": "zheng", "骐": "qi", "驰": "chi", "岑": "cen",
    "峤": "qiao", "嵘": "rong", "砚": "yan", "磐": "pan", "禾": "he",
}  # fmt: skip

# The trade words of each division, for enterprises outside the clusters.
TRADES: dict[str, tuple[tuple[str, str], ...]] = {
    "10": (("矿业", "Quarrying"), ("石材", "Stone")),
    "13": (("粮油", "Grain and Oil"), ("食品", "Foods"), ("饲料", "Feeds")),
    "14": (("食品", "Foods"), ("生物", "Ingredients")),
    "15": (("酒业", "Spirits"), ("饮料", "Beverages")),
    "17": (("纺织", "Textiles"), ("棉业", "Cotton"), ("家纺", "Home Textiles")),
    "18": (("服饰", "Garments"), ("制衣", "Clothing")),
    "19": (("皮革", "Leather"), ("鞋业", "Shoes")),
    "20": (("木业", "Wood"), ("板业", "Boards")),
    "21": (("家具", "Furniture"), ("家居", "Home")),
    "22": (("纸业", "Paper"), ("包装", "Packaging")),
    "23": (("印务", "Printing"), ("彩印", "Colour Printing")),
    "24": (("工艺品", "Crafts"), ("体育用品", "Sports Goods")),
    "25": (("能源", "Energy"), ("石化", "Petrochemicals")),
    "26": (("化工", "Chemicals"), ("新材料", "New Materials"), ("肥业", "Fertilisers")),
    "27": (("医药", "Medicines"), ("生物制药", "Biopharma")),
    "29": (("橡塑", "Rubber and Plastics"), ("塑业", "Plastics")),
    "30": (("建材", "Building Materials"), ("水泥", "Cement"), ("玻璃", "Glass")),
    "31": (("钢铁", "Steel"), ("特钢", "Special Steel")),
    "32": (("金属材料", "Metal Materials"), ("有色", "Non-ferrous")),
    "33": (("金属制品", "Metal Products"), ("钢构", "Steel Structures"), ("五金", "Hardware")),
    "34": (("机械", "Machinery"), ("传动", "Drives"), ("流体设备", "Fluid Equipment")),
    "35": (("重机", "Heavy Machinery"), ("智能装备", "Smart Equipment")),
    "36": (("汽车零部件", "Auto Parts"), ("车业", "Vehicles")),
    "37": (("轨道装备", "Rail Equipment"), ("车辆", "Cycles")),
    "38": (("电气", "Electric"), ("线缆", "Cables")),
    "39": (("电子", "Electronics"), ("光电", "Photonics")),
    "40": (("仪表", "Instruments"), ("测控", "Measurement")),
    "41": (("制刷", "Brushes"), ("日用品", "Housewares")),
    "42": (("再生资源", "Recycling"), ("环保", "Environmental")),
    "44": (("热电", "Heat and Power"), ("电力", "Power")),
    "45": (("燃气", "Gas"),),
    "46": (("水务", "Water"),),
}

_ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])  # GB 11714-1997
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def brands(count: int, rng: np.random.Generator) -> list[str]:
    """Return invented brands, all different.

    Examples
    --------
    >>> len(set(brands(500, np.random.default_rng(1))))
    500
    """
    syllables = list(BRAND_SYLLABLES)
    size = len(syllables)
    drawn = rng.permutation(size**3)[:count]
    return [
        syllables[n // size**2] + syllables[n // size % size] + syllables[n % size]
        for n in drawn.tolist()
    ]


def full_name(place: str, brand: str, trade: str, *, joint_stock: bool = False) -> str:
    """Return the registered name of an invented enterprise.

    Examples
    --------
    >>> full_name("茌平", "岚烁垚", "铝业")
    '茌平岚烁垚铝业有限公司（样例）'
    """
    return f"{place}{brand}{trade}{'股份' if joint_stock else ''}有限公司{NAME_MARK}"


def english_name(brand: str, trade: str) -> str:
    """Return the name that an invented enterprise uses abroad.

    Examples
    --------
    >>> english_name("岚烁垚", "Aluminium")
    'Lanshuoyao Aluminium Co., Ltd. (sample)'
    """
    latin = "".join(BRAND_SYLLABLES[character] for character in brand).capitalize()
    return f"{latin} {trade} Co., Ltd. (sample)"


def codes(regions: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Return a valid unified social credit code for each registering region.

    Parameters
    ----------
    regions
        Six-digit codes of the registering county, one for each enterprise.

    Examples
    --------
    >>> codes(["371503"], np.random.default_rng(1))[0][:10]
    '91371503YL'
    """
    serials = rng.permutation(1_000_000)[: len(regions)]
    made = []
    for region, serial in zip(regions, serials.tolist(), strict=True):
        body = f"YL{serial:06d}"
        values = np.array([_ALPHABET.index(character) for character in body])
        check = 11 - int(values @ _ORGANISATION_WEIGHTS) % 11
        organisation = body + {10: "X", 11: "0"}.get(check, str(check))
        made.append(with_check_character(f"91{region}{organisation}"))
    return made
