"""What the bureau keeps of enterprises: projects, titles, trade. Deepened by later parts."""

from __future__ import annotations

from dataclasses import replace

from ballast.lake.declare import Choice, Column, Kind, Sensitivity, Table
from ballast.lake.tables.shared_columns import (
    INDUSTRY,
    INDUSTRY_SCHEME,
    PERIOD,
    REGION,
    REGION_SCHEME,
    USCC,
    ZERO,
)
from ballast.terms import unit
from ballast.terms.label import Label

PROJECT = Table(
    name="project",
    label=Label("项目", "project"),
    meaning=Label("一个技改等工业项目的现况", "an industrial project as it stands"),
    key=("project",),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    ordered=(("planned_start", "planned_end"), ("started", "finished")),
    columns=(
        Column(name="project", kind=Kind.CODE, required=True, label=Label("项目编号", "project"), meaning=Label("主管部门的项目编号", "the bureau's number"), synonyms=("项目代码",)),
        Column(name="name", kind=Kind.TEXT, required=True, label=Label("项目名称", "name"), meaning=Label("项目名称", "what it is called")),
        Column(name="aliases", kind=Kind.TEXT, label=Label("其他编号或名称", "aliases"), meaning=Label("同一项目的其他编号或名称，用分号隔开", "other numbers or names of the same project, parted by semicolons"), synonyms=("曾用编号", "曾用名", "别名")),
        USCC,
        Column(name="project_kind", kind=Kind.CHOICE, required=True, default="upgrade", label=Label("项目类型", "kind"), meaning=Label("技改、数字化、绿色、新增产能或创新", "technical upgrade, digital, green, new capacity, innovation"),
               choices=(Choice("upgrade", Label("技改", "technical upgrade"), ("技术改造",)), Choice("digital", Label("数字化", "digital"), ("智能化",)), Choice("green", Label("绿色", "green"), ("绿色化",)), Choice("capacity", Label("新增产能", "new capacity"), ("扩建", "新建")), Choice("innovation", Label("创新", "innovation")))),
        REGION_SCHEME,
        REGION,
        INDUSTRY_SCHEME,
        INDUSTRY,
        Column(name="planned_1e4_cny", kind=Kind.DECIMAL, unit=unit.CNY_1E4, required=True, least=ZERO, label=Label("计划总投资", "planned investment"), meaning=Label("计划总投资", "investment planned in all"), synonyms=("总投资",)),
        Column(name="invested_1e4_cny", kind=Kind.DECIMAL, unit=unit.CNY_1E4, least=ZERO, label=Label("累计完成投资", "invested"), meaning=Label("累计完成投资", "invested to date"), synonyms=("完成投资",)),
        Column(name="funds_own_1e4_cny", kind=Kind.DECIMAL, unit=unit.CNY_1E4, least=ZERO, label=Label("自有资金", "own funds"), meaning=Label("计划总投资中的企业自有资金", "of the planned investment, the enterprise's own funds"), synonyms=("企业自筹", "自筹资金")),
        Column(name="funds_loan_1e4_cny", kind=Kind.DECIMAL, unit=unit.CNY_1E4, least=ZERO, label=Label("银行贷款", "loans"), meaning=Label("计划总投资中的银行贷款", "of the planned investment, loans of banks"), synonyms=("贷款",)),
        Column(name="funds_fiscal_1e4_cny", kind=Kind.DECIMAL, unit=unit.CNY_1E4, least=ZERO, label=Label("财政资金", "fiscal funds"), meaning=Label("计划总投资中的财政补助", "of the planned investment, grants of the treasury"), synonyms=("财政补助", "专项资金")),
        Column(name="planned_start", kind=Kind.DATE, label=Label("计划开工", "planned start"), meaning=Label("计划开工日期", "when it was to start")),
        Column(name="planned_end", kind=Kind.DATE, label=Label("计划竣工", "planned end"), meaning=Label("计划竣工日期", "when it was to end")),
        Column(name="started", kind=Kind.DATE, label=Label("实际开工", "started"), meaning=Label("实际开工日期", "when it started")),
        Column(name="finished", kind=Kind.DATE, label=Label("实际竣工", "finished"), meaning=Label("实际竣工日期", "when it was finished")),
        Column(name="status", kind=Kind.CHOICE, required=True, default="planned", label=Label("状态", "status"), meaning=Label("项目状态", "where it stands"),
               choices=(Choice("planned", Label("拟建", "planned")), Choice("building", Label("在建", "under way")), Choice("finished", Label("竣工", "finished"), ("已完成", "完工")), Choice("stalled", Label("停滞", "stalled"), ("停工",)), Choice("cancelled", Label("取消", "cancelled"), ("终止",)))),
    ),
)  # fmt: skip

TITLE = Table(
    name="title",
    label=Label("企业称号", "title"),
    meaning=Label("一家企业获得的一项认定", "one official recognition that an enterprise holds"),
    key=("uscc", "scheme", "certificate"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    columns=(
        USCC,
        Column(name="scheme", kind=Kind.CHOICE, required=True, label=Label("认定类别", "scheme"), meaning=Label("认定制度", "which scheme"),
               choices=(Choice("technology_sme", Label("科技型中小企业", "technology SME")), Choice("innovative_sme", Label("创新型中小企业", "innovative SME")), Choice("specialised_sme", Label("专精特新中小企业", "specialised SME"), ("专精特新",)), Choice("little_giant", Label("专精特新“小巨人”企业", "little giant"), ("小巨人", "专精特新小巨人")), Choice("champion", Label("制造业单项冠军", "manufacturing champion"), ("单项冠军",)), Choice("high_tech", Label("高新技术企业", "high-tech enterprise"), ("高企",)))),
        Column(name="certificate", kind=Kind.CODE, required=True, label=Label("证书编号", "certificate"), meaning=Label("证书或公告编号", "number of the certificate or notice")),
        Column(name="tier", kind=Kind.CHOICE, label=Label("级别", "tier"), meaning=Label("国家、省、市级", "national, provincial, municipal"),
               choices=(Choice("national", Label("国家级", "national")), Choice("provincial", Label("省级", "provincial")), Choice("municipal", Label("市级", "municipal")))),
        Column(name="awarded", kind=Kind.DATE, required=True, label=Label("认定日期", "awarded"), meaning=Label("认定或公告日期", "date of recognition")),
        Column(name="expires", kind=Kind.DATE, label=Label("有效期至", "expires"), meaning=Label("有效期最后一日", "last day of validity")),
        Column(name="batch", kind=Kind.TEXT, label=Label("批次", "batch"), meaning=Label("认定批次", "which batch")),
    ),
)  # fmt: skip

TRADE = Table(
    name="trade",
    label=Label("进出口", "trade"),
    meaning=Label(
        "一家企业或一个地区对一个伙伴的一种商品的进出口额",
        "exports and imports of a commodity with a partner, by an enterprise or by a region",
    ),
    key=("uscc", "region", "hs6", "partner", "period"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    one_of=(("uscc", "region"), ("export_1e4_cny", "import_1e4_cny")),
    columns=(
        replace(USCC, required=False, meaning=Label("企业代码；地区数则空", "the enterprise; empty for a figure of a region")),
        replace(REGION_SCHEME, required=False),
        replace(REGION, required=False, valid_at="period"),
        Column(name="hs6", kind=Kind.CODE, required=True, label=Label("商品编码", "HS code"), meaning=Label("协调制度前 6 位", "first six digits of the Harmonized System"), synonyms=("海关编码", "HS编码")),
        Column(name="partner", kind=Kind.CODE, required=True, label=Label("贸易伙伴", "partner"), meaning=Label("国家（地区）的 ISO 3166-1 两位代码", "ISO 3166-1 alpha-2 code of the partner"), synonyms=("国别", "目的国")),
        PERIOD,
        Column(name="export_1e4_cny", kind=Kind.DECIMAL, unit=unit.CNY_1E4, least=ZERO, label=Label("出口额", "exports"), meaning=Label("当期出口额", "exports of the period")),
        Column(name="import_1e4_cny", kind=Kind.DECIMAL, unit=unit.CNY_1E4, least=ZERO, label=Label("进口额", "imports"), meaning=Label("当期进口额", "imports of the period")),
    ),
)  # fmt: skip
