"""Columns that several tables carry with one meaning."""

from __future__ import annotations

from decimal import Decimal

from ballast.lake.declare import Choice, Column, Kind
from ballast.terms.label import Label
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme

ZERO = Decimal(0)

USCC = Column(
    name="uscc",
    kind=Kind.USCC,
    label=Label("统一社会信用代码", "unified social credit code"),
    meaning=Label("企业的 18 位统一社会信用代码", "the enterprise's 18-character code, GB 32100"),
    required=True,
    synonyms=("社会信用代码", "信用代码", "统一信用代码", "企业代码", "法人单位代码"),
)

REGION_SCHEME = Column(
    name="region_scheme",
    kind=Kind.CHOICE,
    label=Label("地区编码体系", "region scheme"),
    meaning=Label("地区代码所属的编码体系", "the scheme that the region code belongs to"),
    required=True,
    default=RegionScheme.GB2260.value,
    choices=(
        Choice(RegionScheme.GB2260, Label("行政区划代码（GB/T 2260）", "GB/T 2260")),
        Choice(RegionScheme.EXT, Label("扩展代码（开发区等）", "extension (zones)")),
        Choice(RegionScheme.US_CBSA, Label("美国都市区", "US CBSA")),
    ),
)

REGION = Column(
    name="region",
    kind=Kind.REGION,
    label=Label("地区代码", "region code"),
    meaning=Label("所在县（市、区）或功能区的代码", "code of the county, city or zone"),
    required=True,
    scheme_column="region_scheme",
    synonyms=("行政区划代码", "区划代码", "所在地区代码", "地区编码", "县区代码"),
)

INDUSTRY_SCHEME = Column(
    name="industry_scheme",
    kind=Kind.CHOICE,
    label=Label("行业编码体系", "industry scheme"),
    meaning=Label("行业代码所属的分类", "the classification that the industry code belongs to"),
    required=True,
    default=IndustryScheme.GBT4754_2017.value,
    choices=(
        Choice(IndustryScheme.GBT4754_2017, Label("国民经济行业分类（2017）", "GB/T 4754-2017")),
        Choice(IndustryScheme.NAICS_2017, Label("北美产业分类（2017）", "NAICS 2017")),
        Choice(IndustryScheme.IO42_2020, Label("投入产出 42 部门", "IO table, 42 sectors")),
        Choice(IndustryScheme.IO153_2020, Label("投入产出 153 部门", "IO table, 153 sectors")),
        Choice(IndustryScheme.IO_OWN, Label("该投入产出表自有部门", "the IO table's own sectors")),
    ),
)

INDUSTRY_LEVEL = Column(
    name="industry_level",
    kind=Kind.CHOICE,
    label=Label("行业层级", "industry level"),
    meaning=Label(
        "行业代码在分类中的层级；GB/T 4754 代码可留空",
        "the level of the code in its classification; told from a GB/T 4754 code where empty",
    ),
    choices=(
        Choice(IndustryLevel.SECTION, Label("门类", "section")),
        Choice(IndustryLevel.DIVISION, Label("大类", "division")),
        Choice(IndustryLevel.GROUP, Label("中类", "group")),
        Choice(IndustryLevel.CLASS, Label("小类", "class")),
        Choice(IndustryLevel.TOTAL, Label("合计", "total")),
        *(
            Choice(f"naics{digits}", Label(f"NAICS {digits} 位", f"NAICS {digits} digits"))
            for digits in (2, 3, 4, 5, 6)
        ),
        Choice(IndustryLevel.SECTOR, Label("部门", "sector")),
    ),
)

INDUSTRY = Column(
    name="industry",
    kind=Kind.INDUSTRY,
    label=Label("行业代码", "industry code"),
    meaning=Label("行业在其分类中的代码", "code of the industry in its classification"),
    required=True,
    scheme_column="industry_scheme",
    synonyms=("国民经济行业代码", "行业小类", "行业小类代码", "行业类别代码", "主营行业代码"),
)

PERIOD = Column(
    name="period",
    kind=Kind.PERIOD,
    label=Label("时期", "period"),
    meaning=Label(
        "数据所属时期，如 2026-05、2026-01..02、2026-05ytd、2026Q2、2026",
        "what time the figures are of: 2026-05, 2026-01..02, 2026-05ytd, 2026Q2, 2026",
    ),
    required=True,
    synonyms=("报告期", "月份", "年份", "统计时期", "所属期"),
)

SOURCE = Column(
    name="source",
    kind=Kind.TEXT,
    label=Label("来源", "source"),
    meaning=Label("发布单位与资料名称", "publisher and title of the source"),
    synonyms=("资料来源", "数据来源"),
)
