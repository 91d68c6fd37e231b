"""The words by which texts call the figures of the house.

The dictionary is data, longest words first, so that 营业收入利润率 is no
营业收入. Words whose figure the house does not have (固定资产投资) stand in it
too, without a key: known to be something else, they are not taken for a
figure that was said before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["CONCEPTS", "SubjectToken", "subjects"]

#: Keys beside those of the indicators: macro items, counts of records.
CONCEPTS = (
    "digitised_smes", "industrial_investment", "industrial_electricity", "industrial_value_added",
    "projects", "clusters", "clusters_100bn", "clusters_10bn",
    "title:high_tech", "title:technology_sme", "title:innovative_sme", "title:specialised_sme",
    "title:little_giant", "title:champion",
)  # fmt: skip

_ZH: dict[str, str] = {
    "enterprises": "规上工业企业单位数|规上工业企业数量?|规上工业企业家数|规上工业企业|规上企业数量?|规上企业",
    "output": "工业总产值|规上工业产值|总产值|产值",
    "revenue": "营业收入|主营业务收入|主营收入|营业总收入|营收",
    "profit": "利润总额|工业利润|利润",
    "exports": "出口交货值",
    "value_added": "工业增加值|增加值",
    "industrial_value_added": "全部工业增加值",
    "margin": "营业收入利润率|营收利润率|利润率",
    "employment": "平均用工人数|用工人数|从业人员|从业人数|就业人数|用工总数",
    "labour_productivity": "全员劳动生产率|劳动生产率",
    "export_share": "出口交货值占营业收入的?比重|出口占企业总收入的?比重|海外市场份额占到?企业总收入的?(?:比重)?"
    "|出口占营业收入的?比重|出口占比|外销占比|海外收入占比",
    "rd_expense": "研发费用|企业研发投入|研发经费投入",
    "rd_intensity": "研发费用占营业收入的?比重|规上工业研发投入强度|企业研发投入强度|研发费用率",
    "energy": "综合能源消费量|综合能耗|能源消费总量|能耗总量",
    "electricity": "规上工业用电量|用电量",
    "industrial_electricity": "工业用电量",
    "energy_intensity": "单位工业增加值能耗|单位增加值能耗|万元工业增加值能耗",
    "carbon": "二氧化碳排放量|碳排放总量|碳排放量",
    "carbon_intensity": "单位工业增加值二氧化碳排放量?|单位工业增加值碳排放量?|碳排放强度",
    "divisions": "工业大类|行业大类",
    "groups": "工业中类|行业中类",
    "trade_exports": "海关出口额",
    "export_concentration": "出口市场集中度",
    "titles": "有效企业称号|企业称号",
    "titles_national": "国家级企业称号|国家级称号",
    "titles_provincial": "省级企业称号|省级称号",
    "titles_municipal": "市级企业称号|市级称号",
    "title_holders": "持有称号的企业|获评称号的企业",
    "digitised_enterprises": "联网上报企业|联网企业",
    "digitised_smes": "中小企业数字化转型|数字化转型中小企业|中小企业完成数字化转型|中小企业实现数字化转型",
    "identifiers_registered": "标识注册总?量|注册标识",
    "identifiers_resolved": "标识解析总?量|解析次数",
    "cluster_revenue": "集群营业收入|集群营收|产业集群规模|集群规模|产业规模",
    "gdp": "地区生产总值|国内生产总值|生产总值|GDP",
    "rd_intensity_society": "全社会研发(?:投入|经费)占\\s*GDP\\s*的?比重|全社会研发投入强度|全社会研发经费投入强度"
    "|全社会研发(?:投入|经费)占(?:地区)?生产总值的?比重|研发投入强度",
    "society_rd": "全社会研发投入|全社会研发经费支出|全社会研发经费",
    "high_tech_share": "高新技术产业产值占(?:规上|规模以上)?工业?总?产值的?比重|高新技术产业产值占比|高新技术产业占比",
    "upgrade_investment": "工业技改投资|工业技术改造投资|技改投资|技术改造投资|技改项目投资",
    "industrial_investment": "工业投资",
    "foreign_exports": "出口总额|出口总值|出口额|出口",
    "foreign_imports": "进口总额|进口总值|进口额|进口",
    "population": "常住人口",
    "projects": "技改项目|技术改造项目|工业技改项目|技改升级项目",
    "clusters": "特色产业集群|产业集群",
    "clusters_100bn": "千亿级(?:特色)?(?:产业)?集群|千亿级",
    "clusters_10bn": "百亿级(?:特色)?(?:产业)?集群|百亿级",
    "title:high_tech": "高新技术企业|国家高新技术企业|高企",
    "title:technology_sme": "科技型中小企业",
    "title:innovative_sme": "创新型中小企业",
    "title:specialised_sme": "(?:省级以上|省级)?专精特新(?:中小)?企业",
    "title:little_giant": "(?:国家级)?专精特新[“\"]?小巨人[”\"]?企业|[“\"]小巨人[”\"]企业|小巨人企业",
    "title:champion": "(?:国家级)?制造业单项冠军企业|制造业单项冠军|单项冠军企业",
    # Known, and none of ours.
    "": "外贸进出口总额|进出口总额|进出口|固定资产投资|实际使用外资|资产负债率|资产总计|工业增加值率|工业税收|税收|税金"
    "|净利润|对外贸易|全社会用电量|技改专项资金|高技术产业投资|先进制造业规模|工业经济总量|保有量|综合利用率"
    "|总投资|中小企业|人均",
}
_EN: dict[str, str] = {
    "enterprises": "above-scale (?:industrial )?enterprises|enterprises above (?:the )?(?:designated )?(?:scale|size)",
    "output": "gross (?:industrial )?output|industrial output|output",
    "revenue": "operating revenue|revenues?|sales revenue",
    "profit": "total profits?|profits?",
    "exports": "export deliveries|deliveries for export",
    "value_added": "(?:industrial )?value added",
    "margin": "profit margin|margin",
    "employment": "employment|persons employed|workforce",
    "labour_productivity": "labou?r productivity",
    "export_share": "export deliveries account(?:ed|s)? for|exports? share of revenue|share of exports in revenue",
    "rd_expense": "R&D expenses?|R&D expenditure of (?:above-scale )?enterprises",
    "rd_intensity": "R&D (?:expenses? )?over revenue|R&D intensity of (?:above-scale )?(?:enterprises|industry)",
    "energy": "energy use|energy consumption",
    "electricity": "electricity (?:use|consumption)",
    "industrial_electricity": "industrial electricity (?:use|consumption)",
    "energy_intensity": "energy (?:use|consumption) per unit of value added|energy intensity",
    "carbon": "carbon(?: dioxide)? emissions|CO2 emissions",
    "carbon_intensity": "carbon intensity|carbon emissions per unit of value added",
    "divisions": "(?:industrial |industry )?divisions",
    "groups": "(?:industrial |industry )?groups",
    "titles": "titles held|titles",
    "title_holders": "enterprises with a title",
    "digitised_smes": "small and medium-sized enterprises have gone digital|SMEs (?:have )?gone? digital"
    "|(?:digital transformation|digitisation) of (?:[\\d,]+ )?SMEs|SMEs",
    "identifiers_registered": "identifiers were registered|identifiers registered|registered identifiers",
    "identifiers_resolved": "identifier resolutions",
    "cluster_revenue": "cluster revenue|cluster",
    "gdp": "gross domestic product|GDP",
    "rd_intensity_society": "R&D intensity of society|R&D (?:spending |expenditure |investment )?(?:over|to|as a share of) GDP"
    "|R&D intensity",
    "society_rd": "R&D (?:expenditure|spending) of society|R&D spending",
    "high_tech_share": "high-tech share of output|high-tech share",
    "upgrade_investment": "technical[- ]upgrade investment|(?:technological|technical) upgrading investment|upgrade investment",
    "industrial_investment": "industrial investment",
    "foreign_exports": "exports by customs|exports",
    "foreign_imports": "imports",
    "population": "resident population|population",
    "projects": "(?:technical[- ])?upgrade projects|technical upgrading projects",
    "clusters": "industrial clusters|clusters",
    "title:high_tech": "high-tech enterprises",
    "title:technology_sme": "technology(?:-based)? SMEs",
    "title:innovative_sme": "innovative SMEs",
    "title:specialised_sme": "specialised SMEs|specialized SMEs",
    "title:little_giant": "little giants?",
    "title:champion": "manufacturing champions?",
    "": "total trade|foreign trade|fixed-asset investment|net profit|taxes",
}


@dataclass(frozen=True, slots=True)
class SubjectToken:
    """A word for a figure: where it stands, and its key; ``None`` for a figure that is not ours."""

    start: int
    end: int
    key: str | None
    words: str


def _pattern(words: dict[str, str], flags: int = 0) -> tuple[re.Pattern[str], list[str]]:
    """Return one pattern of all words, the longest first, and the key of each of its groups."""
    options = [(key, each) for key, joined in words.items() for each in _split(joined)]
    options.sort(key=lambda pair: -len(pair[1]))
    keys = [key for key, _ in options]
    bounded = (rf"\b{w}\b" for _, w in options) if flags else (w for _, w in options)
    return re.compile("|".join(f"({each})" for each in bounded), flags), keys


def _split(joined: str) -> list[str]:
    """Split at bars that stand outside brackets."""
    found, depth, last = [], 0, 0
    for place, character in enumerate(joined):
        depth += (character == "(") - (character == ")")
        if character == "|" and not depth:
            found.append(joined[last:place])
            last = place + 1
    return [*found, joined[last:]]


_SCALE = "(?:规模以上|规上)"
_ZH_PATTERN, _ZH_KEYS = _pattern({k: v.replace("规上", _SCALE) for k, v in _ZH.items()})
_EN_PATTERN, _EN_KEYS = _pattern(_EN, re.IGNORECASE)


def subjects(text: str, *, english: bool) -> Iterator[SubjectToken]:
    """Yield the words for figures in a mended text, in order.

    Examples
    --------
    >>> [t.key for t in subjects("规模以上工业企业实现营业收入2136亿元", english=False)]
    ['enterprises', 'revenue']
    """
    pattern, keys = (_EN_PATTERN, _EN_KEYS) if english else (_ZH_PATTERN, _ZH_KEYS)
    for match in pattern.finditer(text):
        key = keys[(match.lastindex or 1) - 1]
        yield SubjectToken(match.start(), match.end(), key or None, match[0])
