"""The style of the Factory page, where the City page's and the data pages' do not reach.

What a state looks like is told by a sign, a word and the edge of its card; the
colour only repeats it.
"""

from __future__ import annotations

__all__ = ["STYLE"]

STYLE = """
.fa-spans { display: flex; flex-wrap: wrap; gap: 8px; list-style: none; margin: 0 0 16px;
  padding: 0; }
.fa-spans a { display: block; padding: 4px 12px; border: 1px solid var(--rule);
  border-radius: 16px; text-decoration: none; color: var(--ink); background: var(--card); }
.fa-spans a[aria-current] { border-color: var(--accent); background: var(--accent-ground);
  font-weight: 600; }
.fa-spans a:hover { border-color: var(--accent); }
.fa-choose { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: end; margin: 0 0 16px; }
.fa-choose .bd-field { min-width: 0; }
.page .fa-tiles { grid-template-columns: repeat(auto-fit, minmax(152px, 1fr)); }
.page .fa-board { display: grid; gap: 16px; margin: 16px 0;
  grid-template-columns: repeat(auto-fill, minmax(min(320px, 100%), 1fr)); align-items: start; }
.fa-machine { border-inline-start: 6px solid var(--rule); }
.page .fa-machine h3 { margin: 0; }
.page .fa-machine h3 a { color: var(--ink); text-decoration: none; }
.page .fa-machine h3 a:hover { text-decoration: underline; }
.fa-machine h3 small { display: block; font-size: 12px; line-height: 18px; font-weight: 400;
  color: var(--muted); }
.page .fa-state { display: flex; gap: 8px; align-items: baseline; font-size: 20px;
  line-height: 28px; font-weight: 600; margin: 8px 0 0; }
.fa-state i { font-style: normal; width: 20px; text-align: center; }
.page .fa-since { color: var(--muted); font-size: 13px; line-height: 18px; margin: 0 0 8px; }
.page .fa-values { width: 100%; }
.page .fa-values td, .page .fa-values th { padding: 4px 8px 4px 0; white-space: normal; }
.page .fa-values th { text-align: start; font-weight: 400; color: var(--muted); }
.page .fa-values td { font-weight: 600; white-space: nowrap; }
.page .fa-values td.fa-when { font-weight: 400; color: var(--muted); padding-inline-end: 0; }
.page .fa-values tr.fa-old td { font-weight: 400; color: var(--muted);
  text-decoration: line-through; }
.page .fa-values tr.fa-old td.fa-when { text-decoration: none; color: var(--behind); }
.page .fa-values .fa-out { color: var(--behind); }
.fa-producing { border-inline-start-color: var(--accent); }
.fa-producing .fa-state { color: var(--accent); }
.fa-setup { border-inline-start-color: var(--behind); }
.fa-delayed { border-color: var(--behind); }
.fa-delayed .fa-state { color: var(--behind); }
.fa-delayed { box-shadow: inset 0 0 0 1px var(--behind); }
.bd-table td small { display: block; color: var(--muted); font-size: 12px; line-height: 16px;
  overflow-wrap: anywhere; }
.fa-pulse { color: var(--muted); font-size: 13px; line-height: 18px; display: flex;
  flex-wrap: wrap; gap: 0 16px; }
.page .fa-wait { margin: 16px 0; }
.page .fa-code { background: var(--card); border: 1px solid var(--rule); border-radius: 4px;
  padding: 16px; overflow-x: auto; font: 13px/20px ui-monospace, Menlo, Consolas, monospace;
  max-width: 60em; }
.fa-meter { display: inline-block; width: 80px; height: 8px; border-radius: 4px;
  background: var(--bone); vertical-align: middle; margin-inline-end: 8px; }
.fa-meter > span { display: block; height: 8px; border-radius: 4px; background: var(--accent); }
.fa-meter.fa-low > span { background: var(--behind); }
.page .fa-marks { padding: 0; margin: 0 0 8px; list-style: none; }
.fa-marks li { padding: 8px 0; border-bottom: 1px solid var(--rule); }
.fa-marks small { color: var(--muted); margin-inline-start: 8px; }
.page figure.card + figure.card { margin-top: 16px; }
.page .chart { overflow: visible; }
.page figure.card > .bd-scroll { max-height: 560px; overflow: auto; }
.page figure.card .bd-table td:not(.bd-figure) { min-width: 7em; }
.page figure.card .bd-table td.bd-figure { min-width: 4em; }
.fa-bone { height: 240px; }
@media (max-width: 800px) { .fa-spans a { padding: 8px 12px; } }
"""
