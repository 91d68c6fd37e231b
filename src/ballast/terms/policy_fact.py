"""Which facts the rules may ask for: key, unit, whether it is of a year, which document shows it.

Declared once and apart from the laws, because several laws ask for one fact
(the R&D expense of last year), the form and the sheet of the self-check are
made from it, and so are the columns for all enterprises at once. It stands
with the terms and not with the rules, because the loader, a floor below them,
holds every stated fact against it.

What a law counts or measures is a fact; how much of it the law wants is not.
Where a law looks back over years that are no accounting years ("a prize in
the last three years") the period stands in the fact's meaning and in its key,
since nobody keeps the days of prizes that were never won.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from ballast.terms import unit
from ballast.terms.label import Label
from ballast.terms.unit import Unit

__all__ = ["FACTS", "GROUP_LABELS", "LARGEST", "DeclaredFact", "FactGroup", "FactKind"]

LARGEST = Decimal(10) ** 11
"""Above any figure: in 10,000 CNY more than the world turns over in a year."""


class FactKind(StrEnum):
    """What a fact's value is."""

    AMOUNT = "amount"  # a decimal in its unit: money, a share, a number of years
    COUNT = "count"  # a whole number
    FLAG = "flag"  # yes or no
    CHOICE = "choice"  # one of the declared choices
    DATE = "date"
    CODE = "code"  # an industry's code


class FactGroup(StrEnum):
    """Where a fact stands in a form."""

    BASIS = "basis"
    MONEY = "money"
    PEOPLE = "people"
    MARKET = "market"
    PROPERTY = "property"
    STRENGTH = "strength"
    RECORD = "record"
    JUDGED = "judged"


GROUP_LABELS: Mapping[FactGroup, Label] = {
    FactGroup.BASIS: Label("基本情况", "the enterprise"),
    FactGroup.MONEY: Label("财务与研发投入", "money and R&D"),
    FactGroup.PEOPLE: Label("人员", "people"),
    FactGroup.MARKET: Label("市场与产品", "market and product"),
    FactGroup.PROPERTY: Label("知识产权与成果", "intellectual property and results"),
    FactGroup.STRENGTH: Label("创新与管理能力", "innovation and management"),
    FactGroup.RECORD: Label("合规情况", "record"),
    FactGroup.JUDGED: Label("平台得分与专家评价", "scores given by the platform and by experts"),
}


@dataclass(frozen=True, slots=True)
class DeclaredFact:
    """One fact that rules may ask for.

    Parameters
    ----------
    key, label, meaning
        Its name, and what it is.
    kind, unit
        What its value is; ``unit`` is the unit in which it is kept.
    yearly
        Whether it is of a calendar year; else it holds on a day.
    choices
        Of a choice: value and name.
    evidence
        Which document shows it.
    shown
        The unit in which people write it, where it is another (percent for a fraction).
    group
        Where it stands in a form.
    least, most
        Of an amount or a count: beyond them it cannot be what it says, whatever a law asks.
    """

    key: str
    label: Label
    meaning: Label
    kind: FactKind
    unit: Unit = unit.ONE
    yearly: bool = False
    choices: tuple[tuple[str, Label], ...] = ()
    evidence: Label | None = None
    shown: Unit | None = None
    group: FactGroup = FactGroup.BASIS
    least: Decimal = Decimal(0)
    most: Decimal = LARGEST

    @property
    def is_figure(self) -> bool:
        """Whether its value is a number."""
        return self.kind in (FactKind.AMOUNT, FactKind.COUNT)

    @property
    def signed(self) -> bool:
        """Whether it may be below zero, as a loss."""
        return self.least < 0


_AUDIT = Label("年度审计报告", "annual audit report")
_RD_LEDGER = Label("研发费用专项审计报告或辅助账", "special audit or ledger of R&D expense")
_ROSTER = Label("职工名册与社保缴纳证明", "staff roster and social insurance records")
_IP_PAPER = Label("知识产权证书及应用、收益证明", "certificates, with proof of use and benefit")
_AWARD = Label("获奖证书或公布文件", "the award's certificate or published list")
_PAPER = Label("认定文件或证书", "the recognition or certificate")
_STATEMENT = Label("企业说明及佐证材料", "the enterprise's statement, with proof")
_RECORD = Label("信用信息公示与主管部门证明", "public credit record and the authorities' word")
_PLATFORM = Label("优质中小企业梯度培育平台", "the cultivation platform (zjtx.miit.gov.cn)")
_EXPERTS = Label("评审专家打分表", "the reviewers' score sheet")


def _money(
    key: str, zh: str, en: str, meaning_zh: str, meaning_en: str, *, signed: bool = False
) -> DeclaredFact:
    return DeclaredFact(
        key, Label(zh, en), Label(meaning_zh, meaning_en), FactKind.AMOUNT, unit.CNY_1E4,
        yearly=True, evidence=_RD_LEDGER if key.startswith("rd") else _AUDIT,
        group=FactGroup.MONEY, least=-LARGEST if signed else Decimal(0),
    )  # fmt: skip


def _people(key: str, zh: str, en: str, meaning_zh: str, meaning_en: str) -> DeclaredFact:
    return DeclaredFact(
        key, Label(zh, en), Label(meaning_zh, meaning_en), FactKind.COUNT, unit.PERSONS,
        yearly=True, evidence=_ROSTER, group=FactGroup.PEOPLE,
    )  # fmt: skip


def _count(
    key: str, zh: str, en: str, meaning_zh: str, meaning_en: str, group: FactGroup,
    evidence: Label = _IP_PAPER, *, yearly: bool = False,
) -> DeclaredFact:  # fmt: skip
    return DeclaredFact(
        key, Label(zh, en), Label(meaning_zh, meaning_en), FactKind.COUNT, unit.COUNT,
        yearly=yearly, evidence=evidence, group=group,
    )  # fmt: skip


def _rank(key: str, zh: str, en: str, meaning_zh: str, meaning_en: str) -> DeclaredFact:
    count = _count(key, zh, en, meaning_zh, meaning_en, _MARKET, _STATEMENT, yearly=True)
    return replace(count, least=Decimal(1))


def _flag(
    key: str, zh: str, en: str, meaning_zh: str, meaning_en: str,
    group: FactGroup = FactGroup.STRENGTH, evidence: Label = _PAPER,
) -> DeclaredFact:  # fmt: skip
    return DeclaredFact(
        key, Label(zh, en), Label(meaning_zh, meaning_en), FactKind.FLAG,
        evidence=evidence, group=group,
    )  # fmt: skip


def _share(key: str, zh: str, en: str, meaning_zh: str, meaning_en: str) -> DeclaredFact:
    return DeclaredFact(
        key, Label(zh, en), Label(meaning_zh, meaning_en), FactKind.AMOUNT, unit.FRACTION,
        yearly=True, evidence=_STATEMENT, shown=unit.PERCENT, group=FactGroup.MARKET,
        most=Decimal(1),
    )  # fmt: skip


def _points(
    key: str, zh: str, en: str, meaning_zh: str, meaning_en: str, evidence: Label = _EXPERTS
) -> DeclaredFact:
    return DeclaredFact(
        key, Label(zh, en), Label(meaning_zh, meaning_en), FactKind.AMOUNT, unit.POINTS,
        evidence=evidence, group=FactGroup.JUDGED,
        most=Decimal(100) if evidence is _PLATFORM else LARGEST,
    )  # fmt: skip


_MARKET, _PROPERTY, _RECORDED = FactGroup.MARKET, FactGroup.PROPERTY, FactGroup.RECORD

_DECLARED: tuple[DeclaredFact, ...] = (
    # The enterprise
    DeclaredFact("industry", Label("行业代码", "industry"),
                 Label("国民经济行业分类（GB/T 4754-2017）代码", "code of GB/T 4754-2017"),
                 FactKind.CODE, evidence=Label("统计单位名录", "the statistical register")),
    DeclaredFact("founded", Label("注册成立日期", "registered on"),
                 Label("营业执照上的成立日期", "day of registration on the business licence"),
                 FactKind.DATE, evidence=Label("营业执照", "business licence")),
    # Money and R&D
    _money("revenue", "营业收入", "revenue", "当年营业收入", "operating revenue of the year"),
    _money("main_revenue", "主营业务收入", "main-business revenue",
           "当年主营业务收入", "revenue of the main business in the year"),
    _money("income", "收入总额", "total income",
           "当年收入总额（计算高新技术产品收入占比）", "all income of the year, base of its share"),
    _money("high_tech_revenue", "高新技术产品（服务）收入", "hi-tech revenue",
           "当年高新技术产品（服务）收入", "revenue of hi-tech products and services in the year"),
    _money("cost", "成本费用支出总额", "total cost and expense",
           "当年成本费用支出总额", "all cost and expense of the year"),
    _money("net_profit", "净利润", "net profit", "当年净利润，亏损为负",
           "net profit of the year, a loss is negative", signed=True),
    _money("assets", "资产总额", "assets", "年末资产总额", "assets at the year's end"),
    _money("liabilities", "负债总额", "liabilities",
           "年末负债总额", "liabilities at the year's end"),
    _money("rd", "研发费用", "R&D expense", "当年研发费用总额", "R&D expense of the year"),
    _money("rd_domestic", "境内研发费用", "R&D expense in China",
           "当年在中国境内发生的研发费用", "R&D expense of the year that was incurred in China"),
    _money("equity_raised", "新增股权融资", "new equity",
           "当年新增股权融资（合格机构投资者的实缴额）",
           "new equity of the year, paid in by qualified institutions"),
    # People
    _people("staff", "从业人员", "staff", "年末从业人员（职工总数）", "staff at the year's end"),
    _people("rd_staff", "研发人员", "R&D staff", "年末研发人员", "R&D staff at the year's end"),
    _people("technical_staff", "科技人员", "technical staff",
            "年末科技人员", "scientific and technical staff at the year's end"),
    # Market and product
    DeclaredFact("niche_years", Label("从事特定细分市场年限", "years in the niche"),
                 Label("截至当年末从事特定细分市场的年限", "years in the niche at the year's end"),
                 FactKind.AMOUNT, unit.YEARS, yearly=True, evidence=_STATEMENT, group=_MARKET),
    _share("niche_share", "国内细分市场占有率", "domestic niche share",
           "主导产品当年国内细分市场占有率", "the main product's share of its domestic niche"),
    _share("niche_share_world", "国际细分市场占有率", "world niche share",
           "主导产品当年国际细分市场占有率", "the main product's share of its niche worldwide"),
    _rank("niche_rank", "国内细分市场排名", "domestic niche rank",
          "主导产品当年国内细分市场排名", "the main product's rank in its domestic niche"),
    _rank("niche_rank_provincial", "省内细分市场排名", "provincial niche rank",
          "主导产品当年省内细分市场排名", "the main product's rank in its niche in the province"),
    _flag("market_standing", "市场地位经审核靠前", "market standing accepted",
          "审核认定主导产品市场占有率较为靠前", "reviewers found the market share well placed",
          FactGroup.JUDGED, _EXPERTS),
    _flag("reputation", "知名度经审核认可", "reputation accepted",
          "审核认定产品有相应知名度和影响力", "reviewers found the product's name known",
          FactGroup.JUDGED, _EXPERTS),
    _flag("own_brand", "自主品牌", "own brand", "拥有直接面向市场并具有竞争优势的自主品牌",
          "sells under a brand of its own", _MARKET),
    _flag("six_bases", "产品属工业“六基”", "product in the six bases",
          "核心基础零部件、元器件、关键软件、先进基础工艺、关键基础材料、产业技术基础",
          "core basic parts, core components, key software, advanced processes, key materials, "
          "technology base", _MARKET, _STATEMENT),
    _flag("key_chain_link", "处于产业链关键环节", "at a key link of a chain",
          "在传统产业升级、新兴产业、未来产业链条中处于关键环节",
          "at a key link of an upgrading, emerging or future industry", _MARKET, _STATEMENT),
    _flag("fills_gap", "补短板、锻长板、填空白", "fills a gap of its chain",
          "在产业链中补短板、锻长板或填补空白",
          "mends a weak link of its chain, lengthens a strong one or fills a blank",
          _MARKET, _STATEMENT),
    _flag("listed_product_field", "产品领域经审核符合", "product field accepted",
          "审核认定主导产品属规定领域", "reviewers found the product in a field that is named",
          FactGroup.JUDGED, _EXPERTS),
    _flag("brand_or_chain", "老字号或服务链主", "old brand or chain service",
          "属中华老字号，或主导产品服务产业链龙头企业",
          "an old brand, or a supplier of its chain's leading enterprise", _MARKET, _STATEMENT),
    _flag("strategic_emerging", "属战略性新兴产业", "strategic emerging industry",
          "主导产品属战略性新兴产业", "the main product is of a strategic emerging industry",
          _MARKET, _STATEMENT),
    _flag("supported_field", "属国家重点支持的高新技术领域", "in a supported hi-tech field",
          "核心技术属国家重点支持的高新技术领域",
          "its core technology is in a field that the state supports", _MARKET, _STATEMENT),
    # Intellectual property and results
    _count("class1_ip_in_use", "已应用的Ⅰ类知识产权", "Class-I IP in use",
           "与主导产品相关、已应用并产生效益的Ⅰ类知识产权；转让取得的不计，企业须为前三权利人",
           "Class-I rights of the main product, in use and of benefit; not those transferred in, "
           "and the enterprise among the first three holders", _PROPERTY),
    _count("class1_ip", "Ⅰ类知识产权", "Class-I IP", "有效的Ⅰ类知识产权，不论取得方式",
           "valid Class-I rights, however acquired", _PROPERTY),
    _count("class1_ip_own", "自主研发的Ⅰ类知识产权", "Class-I IP, self-developed",
           "自主研发取得的Ⅰ类知识产权", "Class-I rights from its own research", _PROPERTY),
    _count("class1_ip_high_value", "Ⅰ类高价值知识产权", "Class-I IP of high value",
           "符合高价值标准的Ⅰ类知识产权", "Class-I rights that count as of high value", _PROPERTY),
    _count("class2_ip", "Ⅱ类知识产权", "Class-II IP",
           "有效的Ⅱ类知识产权", "valid Class-II rights", _PROPERTY),
    _flag("self_developed_ip", "有自主研发的知识产权", "has self-developed IP",
          "至少一项知识产权为自主研发", "at least one right is from its own research",
          _PROPERTY, _IP_PAPER),
    _flag("core_ip", "拥有核心技术知识产权", "owns the core IP",
          "拥有在技术上对主要产品发挥核心支持作用的知识产权",
          "owns the rights that its main products rest on", _PROPERTY, _IP_PAPER),
    _count("transformations", "科技成果转化", "results put to use", "当年转化的科技成果项数",
           "results of research put to use in the year", _PROPERTY, _STATEMENT, yearly=True),
    # Innovation and management
    DeclaredFact("rd_institution", Label("研发机构级别", "R&D institution"),
                 Label("自建或联合建立的研发机构的最高级别",
                       "the highest level of its own or joint R&D institutions"),
                 FactKind.CHOICE, evidence=_PAPER, group=FactGroup.STRENGTH,
                 choices=(("national", Label("国家级", "national")),
                          ("provincial", Label("省（部）级", "provincial or ministerial")),
                          ("municipal", Label("市级", "municipal")),
                          ("below", Label("市级以下", "below municipal")),
                          ("none", Label("无", "none")))),
    _flag("science_prize_3y", "近三年获国家或省级科技奖励", "science prize in 3 years",
          "近三年获得国家级或省级科技奖励", "a national or provincial science prize in three years",
          evidence=_AWARD),
    _flag("provincial_prize_top3_3y", "近三年省级以上科技奖励前三", "provincial prize, top 3",
          "近三年获省级及以上科技奖励并在获奖单位中排名前三",
          "among the first three of a provincial or higher science prize in three years",
          evidence=_AWARD),
    _flag("national_prize_top5_3y", "近三年国家级科技奖励前五", "national prize, top 5",
          "近三年获国家级科技奖励并在获奖单位中排名前五",
          "among the first five of a national science prize in three years", evidence=_AWARD),
    _flag("national_prize_top3_3y", "近三年国家级科技奖励前三", "national prize, top 3",
          "近三年获国家级科技奖励并在获奖单位中排名前三",
          "among the first three of a national science prize in three years", evidence=_AWARD),
    _flag("national_prize_top3_5y", "近五年国家级科技奖励前三", "national prize, top 3 (5 years)",
          "近五年获国家级科技奖励并在获奖单位中排名前三",
          "among the first three of a national science prize in five years", evidence=_AWARD),
    _flag("maker_china_500_3y", "近三年“创客中国”全国500强", "Maker China, top 500",
          "近三年进入“创客中国”大赛全国500强", "in the contest's national top 500 in three years",
          evidence=_AWARD),
    _flag("maker_china_50_3y", "近三年“创客中国”全国50强", "Maker China, top 50",
          "近三年进入“创客中国”大赛全国50强", "in the contest's national top 50 in three years",
          evidence=_AWARD),
    _flag("demonstration", "国家示范或优势企业", "national demonstration enterprise",
          "有效的国家技术创新示范企业、知识产权优势或示范企业",
          "a valid national demonstration of technical innovation or of intellectual property"),
    _flag("standards_led_5y", "近五年主导制定标准", "led a standard in 5 years",
          "近五年主导制定国际、国家或行业标准",
          "led an international, national or industry standard in five years"),
    _count("digital_level", "数字化水平等级", "digital level", "数字化水平测评等级，一级为1",
           "level found by the digital assessment, level 1 as 1", FactGroup.STRENGTH, _PAPER),
    _flag("core_process_it", "核心业务信息系统支撑", "core process on IT",
          "至少一项核心业务采用信息系统支撑", "at least one core process runs on an IT system",
          evidence=_STATEMENT),
    _flag("quality_prize", "质量奖", "quality prize", "获得质量奖", "won a prize for quality",
          evidence=_AWARD),
    _flag("management_certificate", "管理体系认证", "management certificate",
          "取得管理体系认证（如ISO9001）", "holds a management-system certificate, as ISO 9001"),
    _flag("product_certificate_abroad", "发达国家产品认证", "product certificate abroad",
          "产品取得发达国家或地区认证", "a product certified in a developed country"),
    _flag("standard_setting", "参与制修订标准", "took part in a standard",
          "参与制定或修订标准", "took part in making or revising a standard"),
    _flag("first_set", "首台（套）", "first unit of its kind",
          "产品入选首台（套）等目录", "a product on the list of first units of their kind"),
    _flag("contest_prize", "省长杯或创客中国获奖", "contest prize",
          "在省长杯或创客中国大赛获奖", "a prize of the governor's cup or of Maker China",
          evidence=_AWARD),
    _flag("patented_niche_process", "细分领域专利工艺", "patented niche process",
          "在细分领域有专利工艺", "a patented process in its niche", evidence=_IP_PAPER),
    _flag("new_business_form", "新业态新模式", "new form of business",
          "采用新业态、新模式", "works in a new form of business", evidence=_STATEMENT),
    _flag("overseas_operation", "海外经营", "works overseas",
          "有海外布局或海外经营", "has operations overseas", evidence=_STATEMENT),
    _flag("lean_management", "精益管理", "lean management",
          "推行精益管理", "works by lean management", evidence=_STATEMENT),
    # Record
    _flag("abnormal_listing", "列入经营异常名录", "listed as abnormal",
          "申报期间被列入经营异常名录", "listed for abnormal operation while applying",
          _RECORDED, _RECORD),
    _flag("serious_dishonesty", "列入严重失信名单", "listed as dishonest",
          "申报期间被列入严重失信主体名单", "listed for serious dishonesty while applying",
          _RECORDED, _RECORD),
    _flag("major_incident_3y", "近三年重大事故", "major incident in 3 years",
          "近三年发生重大安全、质量、环境污染或网络安全事故",
          "a major safety, quality, environment or network incident in three years",
          _RECORDED, _RECORD),
    _flag("fraud_3y", "近三年弄虚作假", "fraud in 3 years", "近三年有弄虚作假等违法行为",
          "found to have committed fraud in three years", _RECORDED, _RECORD),
    _flag("falsification_ban", "在禁止申报期内", "barred from applying",
          "因数据造假被撤销称号，仍在禁止申报期内",
          "lost a title for falsified data and is still barred from applying", _RECORDED, _RECORD),
    _flag("major_incident_1y", "申请前一年重大事故", "major accident in the year before",
          "申请前一年内发生重大安全、质量事故或严重环境违法",
          "a major accident in the year before the application", _RECORDED, _RECORD),
    # Scores that others give
    _points("platform_score", "当年平台评价得分", "platform score of this year",
            "平台按发展评价指标体系给出的当年得分", "score that the platform gives this year",
            _PLATFORM),
    _points("platform_score_before", "上一年度平台评价得分", "platform score of the year before",
            "平台给出的上一年度得分", "score that the platform gave the year before", _PLATFORM),
    _points("ip_advancement_points", "技术先进程度得分", "points: advancement",
            "专家对知识产权技术先进程度的评分", "what experts gave: how advanced the rights"),
    _points("ip_support_points", "核心支持作用得分", "points: core support",
            "专家对主要产品核心支持作用的评分", "what experts gave: support of main products"),
    _points("ip_standards_points", "参与标准制定加分", "points: standards",
            "参与制定标准等的加分", "what experts gave for standards"),
    _points("organisation_rules_points", "研发组织管理得分", "points: R&D rules",
            "研发组织管理制度等的评分", "what experts gave for rules and ledgers of R&D"),
    _points("organisation_institution_points", "研发机构与合作得分", "points: R&D institution",
            "内部研发机构、产学研合作的评分", "what experts gave for institution and co-operation"),
    _points("organisation_transfer_points", "成果转化制度得分", "points: incentives",
            "成果转化激励与平台的评分", "what experts gave for incentives to use results"),
    _points("organisation_talent_points", "人才制度得分", "points: talent",
            "人才培养、引进与绩效制度的评分", "what experts gave for training and recruiting"),
    _points("province_fit_points", "符合省重点产业方向得分", "points: province's industries",
            "省级特色化指标：与省重点产业契合度", "what the province gave: fit to its industries"),
    _points("listing_points", "上市情况得分", "points: listing",
            "省级特色化指标：上市情况", "what the province gave for listing"),
)  # fmt: skip

FACTS: Mapping[str, DeclaredFact] = {fact.key: fact for fact in _DECLARED}
