"""The style of decisions and of the text of law, the same on the open pages and behind the door.

A sheet of its own because the two kinds of page share no other one; it names only the colours
that both define, and adds the two that the open pages lack.
"""

from __future__ import annotations

__all__ = ["FORM_STYLE", "LAW_STYLE", "OPEN_COLOURS", "OPEN_COLOURS_DARK", "STYLE"]

OPEN_COLOURS = ":root{--behind:#b34e00;--bone:#e4e8ec;--accent-ground:#e3f0f8}"
OPEN_COLOURS_DARK = ":root{--behind:#f08a3c;--bone:#252c35;--accent-ground:#12293a}"

STYLE = """
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
.lt { margin: 16px 0; border-inline-start-width: 4px; }
.lt.lt-met { border-inline-start-color: var(--accent); }
.lt.lt-unmet { border-inline-start-color: var(--behind); }
.lt .lt-name { margin: 0; font-size: 18px; line-height: 26px; font-weight: 600; display: inline; }
.lt .lt-verdict { margin: 4px 0 8px; display: flex; align-items: baseline; }
.lt-verdict strong { font-size: 17px; line-height: 26px; margin-inline-end: 8px; }
.lt-said > span { color: var(--muted); }
.lt.lt-met .lt-verdict strong, .lt.lt-met .lt-verdict .lt-sign { color: var(--accent); }
.lt.lt-unmet .lt-verdict strong, .lt.lt-unmet .lt-verdict .lt-sign { color: var(--behind); }
.lt .lt-why { color: var(--muted); font-size: 13px; line-height: 20px; margin: 0 0 8px;
  max-width: 60em; }
.lt-sign { display: inline-block; width: 24px; flex: none; font-weight: 700; text-align: center; }
.lt-bring, .lt-doubts { border-inline-start: 3px solid var(--accent); padding: 8px 12px;
  background: var(--accent-ground); border-radius: 4px; margin: 8px 0 16px; }
.lt-doubts { border-color: var(--behind); }
.lt h4 { font-size: 14px; line-height: 20px; font-weight: 600; margin: 0 0 4px; }
.lt-bring ul, .lt-doubts ul { margin: 0; padding-inline-start: 20px; }
.lt-bring ul { columns: 2 20em; column-gap: 32px; }
.lt-bring li, .lt-doubts li { break-inside: avoid; }
.lt small { color: var(--muted); margin-inline-start: 8px; font-size: 12px; line-height: 18px; }
.lt-paths ol { margin: 0 0 8px; padding-inline-start: 24px; }
.lt-need { font-weight: 600; } .lt .lt-need small { font-weight: 400; margin-inline-start: 0; }
.lt-list { list-style: none; margin: 0; padding: 0; }
.lt-row { padding: 8px 0; border-top: 1px solid var(--rule); }
.lt-list .lt-list, .lt-fold > .lt-list { padding-inline-start: 24px; }
.lt-line { display: grid; grid-template-columns: 24px minmax(0, 1fr) minmax(0, 15em) 144px;
  gap: 0 12px; align-items: start; }
.lt-points > .lt-line > .lt-label, .lt-points > .lt-basis > .lt-line > .lt-label {
  grid-column: 1 / 3; }
.lt-label { overflow-wrap: anywhere; }
.lt-unmet > .lt-line > .lt-sign, .lt-unmet > .lt-basis > .lt-line > .lt-sign {
  color: var(--behind); }
.lt-met > .lt-line > .lt-sign, .lt-met > .lt-basis > .lt-line > .lt-sign {
  color: var(--accent); }
.lt-value { text-align: end; grid-column: 3; }
.lt-value b { font-weight: 600; }
.lt-least { color: var(--muted); white-space: nowrap; }
.lt .lt-margin { display: block; margin: 0; }
.lt-unmet > .lt-line > .lt-value .lt-margin,
.lt-unmet > .lt-basis > .lt-line > .lt-value .lt-margin { color: var(--behind); }
.lt-turn { display: block; font-size: 13px; line-height: 18px; color: var(--muted); }
.lt-basis > summary { cursor: pointer; list-style: none; }
.lt-basis > summary::-webkit-details-marker { display: none; }
.lt-basis > summary .lt-what::after { content: " ▸"; color: var(--muted); font-size: 12px; }
.lt-basis[open] > summary .lt-what::after { content: " ▾"; }
.lt-fold > summary { color: var(--accent); cursor: pointer; padding: 8px 0; }
.lt-fold { border-top: 1px solid var(--rule); }
.lt-row > .lt-fold { border: 0; margin-inline-start: 36px; font-size: 13px; }
.lt-row > .lt-fold > summary { padding: 2px 0; }
.lt-row > .lt-list { margin-top: 8px; }
.lt-points > .lt-fold { margin-inline-start: 0; }
.lt summary .lt-verdict { margin-bottom: 0; }
.lt-basis dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 16px;
  margin: 4px 0 8px 36px; font-size: 13px; line-height: 20px; }
.lt-basis dt { color: var(--muted); font-weight: 400; }
.lt-basis dd { margin: 0; overflow-wrap: anywhere; }
.mark { display: block; width: 144px; height: 20px; grid-column: 4; }
.mark-side { fill: var(--accent-ground); }
.mark-line { stroke: var(--rule); stroke-width: 1; }
.mark-least { stroke: var(--ink); stroke-width: 1.5; }
.mark-met { fill: var(--accent); stroke: var(--card); stroke-width: 1; }
.mark-open { fill: var(--muted); stroke: var(--card); stroke-width: 1; }
.mark-short { fill: var(--behind); stroke: var(--card); stroke-width: 1; }
@media (max-width: 800px) {
  .lt-line { grid-template-columns: 24px minmax(0, 1fr) 112px; }
  .lt-label { grid-column: 2 / -1; }
  .lt-points > .lt-line > .lt-label, .lt-points > .lt-basis > .lt-line > .lt-label {
    grid-column: 1 / -1; }
  .lt-value { grid-column: 2; text-align: start; }
  .lt-none { display: none; }
  .mark { grid-column: 3; width: 112px; height: auto; }
  .lt-list .lt-list, .lt-fold > .lt-list { padding-inline-start: 12px; }
  .lt-bring ul { columns: 1; }
  .lt-basis dl { grid-template-columns: minmax(0, 1fr); gap: 0; margin-inline-start: 36px; }
}
@media print { .lt { break-inside: avoid-page; } .lt-fold > summary { color: inherit; } }
"""

FORM_STYLE = """
.lf-alert { border-inline-start: 3px solid var(--behind); padding: 8px 12px; max-width: 60em; }
.lf-part { margin: 0 0 16px; padding: 8px 16px 16px; min-width: 0; }
.lf-part legend { font-size: 16px; line-height: 24px; font-weight: 600; padding: 0 8px; }
.lf-line { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 2fr); gap: 4px 24px;
  padding: 8px 0; border-top: 1px solid var(--rule); align-items: start; }
.lf-line:first-of-type { border-top: 0; }
.lf-name small { color: var(--muted); font-size: 13px; line-height: 18px; }
.lf-meaning { display: block; }
.lf-cells, .lf-row { display: flex; flex-wrap: wrap; gap: 8px 12px; }
.lf-cell { display: inline-flex; flex-direction: column; gap: 2px; min-width: 0; flex: 0 1 150px;
  max-width: 100%; }
.lf-row .lf-cell { flex: 1 1 200px; }
.lf-titles .lf-cell { flex-basis: 240px; }
.lf-cell small { color: var(--muted); font-size: 13px; line-height: 18px; }
.lf-cell input, .lf-cell select { font: inherit; color: inherit; background: var(--card);
  border: 1px solid var(--muted); border-radius: 4px; padding: 6px 8px; min-height: 40px;
  width: 100%; min-width: 0; }
.lf-cell input::placeholder { color: var(--muted); opacity: 1; }
.lf-wrong { flex-basis: 260px; }
.lf-wrong input, .lf-wrong select { border-color: var(--behind); outline: 1px solid var(--behind); }
.lf-cell .lf-why { color: var(--behind); }
.lf-main, .lf-second { font: inherit; padding: 8px 24px; min-height: 44px; border-radius: 4px;
  border: 1px solid #0060a0; cursor: pointer; }
.lf-main { color: #fff; background: #0060a0; font-weight: 600; }
.lf-second { color: var(--accent); background: none; border-color: var(--accent);
  margin-top: 12px; }
.lf-set { margin: 24px 0 0; }
.lf-set summary { cursor: pointer; color: var(--accent); }
.lf-set form, .lf-keep form { margin: 12px 0 0; }
.lf-forms > * { margin-inline-end: 16px; }
.lf-keep { margin: 24px 0; }
section.card { margin-top: 24px; }
.lf-small { margin: 0; padding: 2px 12px; min-height: 32px; }
.card > h2:first-child { margin-top: 0; }
.lr td.text { white-space: normal; }
.lr-eligible { color: var(--accent); font-weight: 600; }
.lr-ineligible { color: var(--behind); }
@media (max-width: 800px) {
  .lf-line { grid-template-columns: minmax(0, 1fr); }
  .lf-cell { flex: 1 1 90px; }
  .lf-cell input, .lf-cell select { font-size: 16px; }
  .lf-main { width: 100%; }
  .lr th:nth-child(3), .lr td:nth-child(3) { display: none; }
}
@media print { .lf-set, .lf-part, .lf-main, .lf-forms, .lf-keep { display: none; } }
"""

LAW_STYLE = """
.law-schemes { display: flex; flex-wrap: wrap; gap: 8px; list-style: none; padding: 0;
  margin: 0 0 16px; }
.law-schemes a { display: block; padding: 6px 12px; border: 1px solid var(--rule);
  border-radius: 16px; text-decoration: none; background: var(--card); }
.law-schemes a[aria-current] { border-color: var(--accent); font-weight: 600; color: var(--ink);
  background: var(--accent-ground); }
.law-text .law-head dl { margin-inline-start: 0; }
.law-text h4 { margin: 12px 0 4px; }
.law-text .law-applies { margin: 0; padding-inline-start: 20px; font-size: 14px; }
.law-text .law-rule, .law-text .law-demand { margin: 0 0 2px; }
.law-text .law-demand strong { color: var(--accent); }
.law-text .law-demand code { color: var(--muted); font: 12px/18px ui-monospace, Menlo, Consolas,
  monospace; margin-inline-start: 8px; overflow-wrap: anywhere; }
.law-text .law-article { float: inline-end; color: var(--muted); font-size: 13px;
  line-height: 22px; margin-inline-start: 16px; max-width: 50%; text-align: end; }
.law-text .lt-row { display: flow-root; }
.law-text .law-bands { list-style: none; margin: 4px 0; padding: 0; display: flex;
  flex-wrap: wrap; gap: 4px 8px; font-size: 13px; line-height: 18px; }
.law-text .law-bands li { border: 1px solid var(--rule); border-radius: 4px; padding: 2px 8px; }
.law-text .law-bands span { color: var(--muted); }
.law-part { border-inline-start: 2px solid var(--rule); padding-inline-start: 12px;
  margin: 4px 0; }
.law-other { margin: 16px 0; }
.law-other > summary { cursor: pointer; color: var(--accent); padding: 4px 0; }
.law-pool > .card { margin: 16px 0; }
.law-calendar td:nth-child(-n+2) { white-space: nowrap; }
.law-quiet { background: var(--bone); color: var(--muted); }
"""
