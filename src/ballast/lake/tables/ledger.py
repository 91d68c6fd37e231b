"""The ledger: one row for each event of a load. Its last row is the commit point.

The table is declared like the others so that it can be listed, shown and
documented, but it is written by ``ballast.lake.ledger`` alone.
"""

from __future__ import annotations

from ballast.lake.declare import Choice, Column, Kind, Sensitivity, Stage, Table
from ballast.lake.tables.shared_columns import ZERO
from ballast.terms.label import Label

LOAD = Table(
    name="load",
    label=Label("装载台账", "ledger of loads"),
    meaning=Label(
        "每次装载的提交与撤回，各一行；没有提交行的数据视为不存在",
        "one row for each commit or withdrawal of a load; rows without a committed load do not exist",
    ),
    stage=Stage.STREAMED,
    sensitivity=Sensitivity.AGGREGATE,
    key=("load_id", "state"),
    columns=(
        Column(name="load_id", kind=Kind.CODE, required=True, label=Label("装载编号", "load"), meaning=Label("装载的唯一编号", "identifies the load")),
        Column(name="state", kind=Kind.CHOICE, required=True, label=Label("状态", "state"), meaning=Label("已提交或已撤回", "committed or withdrawn"),
               choices=(Choice("committed", Label("已提交", "committed")), Choice("withdrawn", Label("已撤回", "withdrawn")))),
        Column(name="at", kind=Kind.TIMESTAMP, required=True, label=Label("时间", "time"), meaning=Label("提交或撤回的时间，在一个数据之家内严格递增", "when; strictly increasing within a home")),
        Column(name="tables", kind=Kind.TEXT, required=True, label=Label("表", "tables"), meaning=Label("写入的表，以逗号分隔", "the tables written, comma separated")),
        Column(name="recipe", kind=Kind.TEXT, label=Label("配方", "recipe"), meaning=Label("所用配方；直接装载时为空", "the recipe used; empty for a direct load")),
        Column(name="file", kind=Kind.TEXT, label=Label("文件", "file"), meaning=Label("来源文件名（不含路径）", "name of the source file, without its folder")),
        Column(name="file_hash", kind=Kind.CODE, label=Label("文件摘要", "file hash"), meaning=Label("文件内容与装载方式的 SHA-256", "SHA-256 of the content and of how it was loaded")),
        Column(name="who", kind=Kind.TEXT, required=True, label=Label("经办人", "who"), meaning=Label("提交或撤回者", "who committed or withdrew it")),
        Column(name="accepted", kind=Kind.INTEGER, required=True, least=ZERO, label=Label("接受行数", "accepted"), meaning=Label("写入的行数", "rows written")),
        Column(name="refused", kind=Kind.INTEGER, required=True, least=ZERO, label=Label("拒绝行数", "refused"), meaning=Label("被拒绝的行数", "rows refused")),
        Column(name="provenance", kind=Kind.CHOICE, required=True, default="real", label=Label("数据性质", "provenance"), meaning=Label("真实数据或合成数据", "real or synthetic data"),
               choices=(Choice("real", Label("真实", "real")), Choice("synthetic", Label("合成", "synthetic")))),
        Column(name="note", kind=Kind.TEXT, label=Label("说明", "note"), meaning=Label("装载时的说明，如所取层级", "what the loader has to say, such as the level taken")),
    ),
)  # fmt: skip
