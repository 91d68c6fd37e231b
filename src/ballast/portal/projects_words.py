"""The names of things on the Projects page, and its addresses."""

from __future__ import annotations

from ballast.terms.label import Label

__all__ = [
    "EFFECT",
    "FLAGS",
    "LEDGER",
    "MOST",
    "PAGE",
    "PARTS",
    "SHEET",
    "STYLE",
    "TITLE",
    "WORDS",
]

PAGE = "/projects"
TITLE = Label("项目进展如何，哪些卡住了？", "Which projects move, and which are stuck?")
FLAGS, LEDGER, SHEET, EFFECT = "flags", "ledger", "sheet", "effect"
PARTS: dict[str, Label] = {
    FLAGS: Label("预警", "Flags"),
    LEDGER: Label("台账", "Ledger"),
    SHEET: Label("月报", "Monthly sheet"),
    EFFECT: Label("成效", "What they did"),
}
MOST = 50
"""So many rows are listed at once."""

WORDS: dict[str, Label] = {
    "project": Label("项目", "Project"),
    "enterprise": Label("企业", "Enterprise"),
    "place": Label("地区", "Place"),
    "kind": Label("类型", "Kind"),
    "status": Label("状态", "Status"),
    "planned": Label("计划投资", "Planned"),
    "invested": Label("完成投资", "Invested"),
    "planned_start": Label("计划开工", "Planned start"),
    "planned_end": Label("计划竣工", "Planned end"),
    "started": Label("实际开工", "Started"),
    "finished": Label("实际竣工", "Finished"),
    "flag": Label("预警", "Flag"),
    "since": Label("自", "Since"),
    "reason": Label("原因", "Reason"),
    "find": Label("编号、名称或企业", "Number, name or enterprise"),
    "all": Label("全部", "All"),
    "show": Label("查看", "Show"),
    "month": Label("月份", "Month"),
    "month_plan": Label("当月计划", "Planned for it"),
    "month_done": Label("当月完成", "Invested in it"),
    "to_date": Label("累计完成", "To date"),
    "progress": Label("形象进度", "Progress"),
    "day": Label("日期", "Date"),
    "what": Label("变更", "Change"),
    "before": Label("变更前", "Before"),
    "after": Label("变更后", "After"),
    "who": Label("经办人", "By"),
    "history": Label("变更记录", "History"),
    "months": Label("逐月投资", "Month by month"),
    "edit": Label("修改", "Change"),
    "save": Label("保存修改", "Save the change"),
    "field": Label("字段", "Field"),
    "value": Label("新值（留空即清空）", "New value (empty: emptied)"),
    "why": Label("修改原因（必填）", "Why (required)"),
    "same": Label("不变", "Unchanged"),
    "quarter": Label("距竣工季度", "Quarters from the finish"),
    "difference": Label("与同类之差", "Difference to like ones"),
    "from": Label("下限", "From"),
    "to": Label("上限", "To"),
    "mean": Label("竣工后平均", "Mean after"),
    "outcome": Label("结果指标", "Figure"),
    "kinds": Label("项目类型", "Kinds of projects"),
    "funds": Label("资金来源", "Funds"),
    "own": Label("自有", "own"),
    "loan": Label("贷款", "loans"),
    "fiscal": Label("财政", "fiscal"),
    "aliases": Label("其他编号或名称", "Also called"),
    "plan_line": Label("计划累计", "planned"),
    "done_line": Label("完成累计", "invested"),
    "cannot": Label("不能说明什么", "What it cannot say"),
    "whom": Label("比较的是谁", "Who is compared"),
    "rows": Label("行", "rows"),
    "evidence": Label("按依据", "by evidence"),
    "new": Label("新项目", "new"),
    "changing": Label("有变化", "change something"),
    "quiet": Label("已在库", "stand so already"),
    "refused": Label("不采用", "not taken"),
    "row": Label("行", "Row"),
    "column": Label("列", "Column"),
    "stands_there": Label("表中内容", "What stands there"),
    "why_not": Label("原因与办法", "Why, and what to do"),
    "understood": Label("识别方式", "Understood"),
    "what_changes": Label("变更前 → 变更后", "Before → after"),
    "see_ledger": Label("查看台账", "See the ledger"),
    "loads": Label("装载台账", "Ledger of loads"),
}

STYLE = """
.page .pj-find { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: end; margin: 8px 0; }
.pj-find .bd-field { flex: 0 1 220px; }
.pj-flag { white-space: nowrap; color: var(--behind); font-weight: 600; }
.pj-facts { display: grid; grid-template-columns: max-content 1fr; gap: 4px 24px;
  margin: 8px 0 16px; }
.pj-facts dt { color: var(--muted); font-weight: 400; }
.pj-facts dd { margin: 0; overflow-wrap: anywhere; }
.page .pj-flags { list-style: none; padding: 0; margin: 8px 0 16px; }
.pj-flags li { border-inline-start: 3px solid var(--behind); padding: 4px 0 4px 12px;
  margin: 4px 0; }
.pj-edit { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: end; margin: 8px 0; }
.bd-table td small { display: block; color: var(--muted); }
.ps-look { margin-top: 16px; }
.page .ps-look h3 { font-size: 17px; line-height: 24px; font-weight: 600; margin: 24px 0 8px; }
.page .ps-doubts { list-style: none; padding: 0; margin: 8px 0 16px; display: grid; gap: 16px; }
.ps-doubts > li { border-inline-start: 3px solid var(--muted); padding: 0 0 0 12px; }
.ps-doubts ul, .page .ps-told { margin: 0; padding: 0; list-style: none; }
.ps-doubts p, .ps-doubts li { overflow-wrap: anywhere; }
.page .ps-doubts p { margin: 0 0 4px; }
.ps-doubts li li { color: var(--muted); margin: 0 0 8px; }
.ps-doubts .bd-field { max-width: 24rem; }
.ps-doubts .bd-field > span { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }
.page .ps-stack .bd-table td { max-width: 30rem; padding-block: 4px; }
.page .ps-stack .bd-table td:first-child { min-width: 3em; white-space: nowrap; }
.page .ps-stack .bd-table td:last-child { min-width: min(24rem, 100%); }
.ps-told span { color: var(--muted); }
.ps-do { border-block: 1px solid var(--rule); padding: 8px 0; margin: 16px 0; }
@media (max-width: 800px) { .pj-facts { grid-template-columns: 1fr; gap: 0; }
  .pj-facts dd { margin-bottom: 8px; }
  .ps-stack .bd-scroll { overflow: visible; }
  .page .ps-stack table.bd-table, .ps-stack tbody, .ps-stack tr { display: block; width: 100%; }
  .ps-stack thead { display: none; }
  .page .ps-stack .bd-table tr { border-bottom: 1px solid var(--rule); padding: 8px 0; }
  .page .ps-stack .bd-table td { display: block; border: 0; padding: 0; }
  .page .ps-stack .bd-table td:first-child { color: var(--muted); } }
"""
