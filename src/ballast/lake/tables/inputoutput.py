"""Input–output tables (投入产出表): sectors, flows between them, and vectors."""

from __future__ import annotations

from decimal import Decimal

from ballast.lake.declare import Choice, Column, Kind, Table
from ballast.lake.tables.shared_columns import INDUSTRY_SCHEME, SOURCE
from ballast.terms import unit
from ballast.terms.label import Label

_TABLE = Column(
    name="io_table",
    kind=Kind.CODE,
    required=True,
    label=Label("投入产出表", "IO table"),
    meaning=Label("表的名称，如 china_2020_42", "name of the table, such as china_2020_42"),
)
_ORIGIN = Column(
    name="origin",
    kind=Kind.CHOICE,
    required=True,
    default="all",
    label=Label("来源地", "origin"),
    meaning=Label("国内、进口，或不分", "domestic, imported, or not told apart"),
    choices=(
        Choice("all", Label("不分", "all")),
        Choice("domestic", Label("国内", "domestic")),
        Choice("imported", Label("进口", "imported")),
    ),
)
_VALUE = Column(
    name="value_1e4_cny",
    kind=Kind.NUMBER,
    unit=unit.CNY_1E4,
    required=True,
    label=Label("数值", "value"),
    meaning=Label("当年生产者价格，不作舍入", "at producers' prices of the year, nothing rounded"),
)

IO_SECTOR = Table(
    name="io_sector",
    label=Label("投入产出部门", "IO sector"),
    meaning=Label("一张投入产出表的一个部门", "a sector of an input–output table"),
    key=("io_table", "sector"),
    columns=(
        _TABLE,
        Column(name="sector", kind=Kind.CODE, required=True, label=Label("部门代码", "sector"), meaning=Label("部门在表中的代码", "its code in the table")),
        Column(name="name_zh", kind=Kind.TEXT, required=True, label=Label("部门名称", "Chinese name"), meaning=Label("部门中文名称", "its Chinese name")),
        Column(name="name_en", kind=Kind.TEXT, label=Label("英文名称", "English name"), meaning=Label("部门英文名称", "its English name")),
        INDUSTRY_SCHEME,
        Column(name="year", kind=Kind.YEAR, required=True, least=Decimal(1949), most=Decimal(2100), label=Label("年份", "year"), meaning=Label("表所反映的年份", "the year of the table")),
        Column(name="valuation", kind=Kind.CHOICE, required=True, default="producer", label=Label("价格", "valuation"), meaning=Label("生产者价格或基本价格", "producers' or basic prices"),
               choices=(Choice("producer", Label("生产者价格", "producers' prices")), Choice("basic", Label("基本价格", "basic prices")))),
        Column(name="competitive", kind=Kind.FLAG, required=True, label=Label("竞争型", "competitive"), meaning=Label("竞争型表的流量含进口", "flows of a competitive table include imports")),
        SOURCE,
    ),
)  # fmt: skip

IO_FLOW = Table(
    name="io_flow",
    label=Label("投入产出流量", "IO flow"),
    meaning=Label("一个部门对另一部门产品的中间使用", "one sector's intermediate use of another's product"),
    key=("io_table", "origin", "from_sector", "to_sector"),
    columns=(
        _TABLE,
        _ORIGIN,
        Column(name="from_sector", kind=Kind.CODE, required=True, label=Label("产出部门", "from"), meaning=Label("提供产品的部门", "the sector that supplies")),
        Column(name="to_sector", kind=Kind.CODE, required=True, label=Label("投入部门", "to"), meaning=Label("使用产品的部门", "the sector that uses")),
        _VALUE,
    ),
)  # fmt: skip

IO_VECTOR = Table(
    name="io_vector",
    label=Label("投入产出向量", "IO vector"),
    meaning=Label("按部门的增加值、最终使用、进口与产出", "value added, final use, imports and output by sector"),
    key=("io_table", "origin", "item", "sector"),
    columns=(
        _TABLE,
        _ORIGIN,
        Column(name="item", kind=Kind.CHOICE, required=True, label=Label("项目", "item"), meaning=Label("向量的名称", "which vector"),
               choices=tuple(Choice(name, Label(zh, en)) for name, zh, en in (
                   ("compensation", "劳动者报酬", "compensation of employees"),
                   ("production_taxes", "生产税净额", "net taxes on production"),
                   ("depreciation", "固定资产折旧", "depreciation of fixed assets"),
                   ("operating_surplus", "营业盈余", "operating surplus"),
                   ("value_added", "增加值合计", "total value added"),
                   ("intermediate_input", "中间投入合计", "total intermediate input"),
                   ("input", "总投入", "total input"),
                   ("intermediate_use", "中间使用合计", "total intermediate use"),
                   ("rural_consumption", "农村居民消费", "rural household consumption"),
                   ("urban_consumption", "城镇居民消费", "urban household consumption"),
                   ("household_consumption", "居民消费", "household consumption"),
                   ("government_consumption", "政府消费", "government consumption"),
                   ("final_consumption", "最终消费", "final consumption"),
                   ("fixed_capital_formation", "固定资本形成", "gross fixed capital formation"),
                   ("inventory_change", "存货变动", "change in inventories"),
                   ("capital_formation", "资本形成总额", "gross capital formation"),
                   ("exports", "出口", "exports"),
                   ("final_use", "最终使用合计", "total final use"),
                   ("imports", "进口", "imports"),
                   ("output", "总产出", "gross output"),
               ))),
        Column(name="sector", kind=Kind.CODE, required=True, label=Label("部门代码", "sector"), meaning=Label("部门在表中的代码", "its code in the table")),
        _VALUE,
    ),
)  # fmt: skip
