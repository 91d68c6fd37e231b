"""What makes a chain of products (产品级产业链): its stages, and what makes and takes each.

One row an industry of a stage, because a stage is made by several classes and
a form has one code a row. What is said of the stage is repeated in each of
its rows; whoever reads it refuses rows that disagree.
"""

from __future__ import annotations

from ballast.lake.declare import Column, Kind, Table
from ballast.lake.tables.shared_columns import INDUSTRY, INDUSTRY_SCHEME
from ballast.terms.label import Label

CHAIN_DEFINITION = Table(
    name="chain_definition",
    label=Label("产业链定义", "chain definition"),
    meaning=Label(
        "一条产业链上一个环节（产品）所含的一个行业；同一环节各行的产品、去向和进口依赖应一致",
        "one industry of one stage (a product) of a chain; the rows of a stage say the same of it",
    ),
    key=("chain", "stage", "industry_scheme", "industry"),
    columns=(
        Column(name="chain", kind=Kind.CODE, required=True, label=Label("产业链", "chain"), meaning=Label("产业链的键", "key of the chain")),
        Column(name="chain_zh", kind=Kind.TEXT, label=Label("产业链名称", "Chinese name of the chain"), meaning=Label("产业链中文名称", "its Chinese name")),
        Column(name="chain_en", kind=Kind.TEXT, label=Label("产业链英文名称", "English name of the chain"), meaning=Label("产业链英文名称", "its English name")),
        Column(name="cluster", kind=Kind.CODE, label=Label("集群", "cluster"), meaning=Label("该产业链所属集群的键，没有则空", "key of the cluster it is the chain of, empty for none")),
        Column(name="stage", kind=Kind.CODE, required=True, label=Label("环节", "stage"), meaning=Label("环节的键，链内唯一", "key of the stage within its chain")),
        Column(name="product_zh", kind=Kind.TEXT, required=True, label=Label("产品", "product"), meaning=Label("该环节的产品", "the product of the stage"), synonyms=("产品名称", "环节名称")),
        Column(name="product_en", kind=Kind.TEXT, label=Label("产品英文名称", "English name of the product"), meaning=Label("产品英文名称", "its English name")),
        Column(name="feeds", kind=Kind.TEXT, label=Label("供给环节", "feeds"), meaning=Label("使用该产品的下游环节的键，以分号分隔，如 rings;cages；最终产品则空", "keys of the stages that take the product, rings;cages; empty for the last"), synonyms=("下游环节",)),
        INDUSTRY_SCHEME,
        INDUSTRY,
        Column(name="import_dependent", kind=Kind.FLAG, required=True, default="false", label=Label("进口依赖", "import-dependent"), meaning=Label("该产品是否主要依赖进口", "whether the chain takes it from abroad for the most part")),
        Column(name="import_basis", kind=Kind.TEXT, label=Label("进口依赖依据", "basis of import dependence"), meaning=Label("判断进口依赖的依据", "what that judgement rests on")),
    ),
)  # fmt: skip
