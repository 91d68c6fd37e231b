"""What makes a cluster (产业集群): the industries, and where they count."""

from __future__ import annotations

from dataclasses import replace

from ballast.lake.declare import Column, Kind, Table
from ballast.lake.tables.shared_columns import INDUSTRY, INDUSTRY_SCHEME, REGION, REGION_SCHEME
from ballast.terms.label import Label

CLUSTER_DEFINITION = Table(
    name="cluster_definition",
    label=Label("集群定义", "cluster definition"),
    meaning=Label(
        "一个集群包含的一个行业；限于某地区的集群另写地区；一个行业可属多个集群",
        "one industry of a cluster, everywhere or in one region; an industry may belong to several",
    ),
    key=("definition", "cluster", "industry", "region"),
    columns=(
        Column(name="definition", kind=Kind.CODE, required=True, label=Label("定义", "definition"), meaning=Label("定义集的名称，如 porter 或本市自定", "name of the set of definitions, a benchmark or one's own")),
        Column(name="cluster", kind=Kind.CODE, required=True, label=Label("集群", "cluster"), meaning=Label("集群的键", "key of the cluster")),
        Column(name="name_zh", kind=Kind.TEXT, label=Label("集群名称", "Chinese name"), meaning=Label("集群中文名称", "its Chinese name")),
        Column(name="name_en", kind=Kind.TEXT, label=Label("英文名称", "English name"), meaning=Label("集群英文名称", "its English name")),
        Column(name="traded", kind=Kind.FLAG, required=True, default="true", label=Label("可贸易", "traded"), meaning=Label("面向区外市场（traded），或服务本地（local）", "sells beyond its region (traded), or serves it (local)")),
        Column(name="subcluster", kind=Kind.TEXT, label=Label("子集群", "subcluster"), meaning=Label("集群内的细分", "the part of the cluster")),
        INDUSTRY_SCHEME,
        INDUSTRY,
        Column(name="industry_name", kind=Kind.TEXT, label=Label("行业名称", "industry name"), meaning=Label("行业名称（本系统未载的分类用）", "name of the industry, for schemes that are not carried")),
        replace(REGION_SCHEME, required=False),
        replace(REGION, required=False, meaning=Label("集群限于此地区或功能区；空为不限", "the cluster counts only here; empty: anywhere")),
        Column(name="anchor", kind=Kind.TEXT, label=Label("龙头企业", "anchor"), meaning=Label("龙头企业名称", "its leading enterprises")),
    ),
)  # fmt: skip
