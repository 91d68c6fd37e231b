"""The style of the Enterprise page, where the styles of the pages before it do not reach."""

from __future__ import annotations

__all__ = ["STYLE"]

STYLE = """
.page .en-name { font-size: 20px; line-height: 28px; margin: 8px 0 4px; }
.page .en-consent, .page .en-others { color: var(--muted); font-size: 13px; line-height: 18px; }
.en-ahead { color: var(--accent); }
.en-behind { color: var(--behind); }
.en-even, .en-expired { color: var(--muted); }
.en-ending { color: var(--behind); }
.page .en-peers { list-style: none; margin: 0; padding: 0; }
.en-peers li { display: grid; gap: 4px 16px; align-items: center; padding: 8px 0;
  grid-template-columns: minmax(9em, 1.2fr) minmax(6em, 0.8fr) minmax(200px, 2fr)
  minmax(8em, 1fr); border-bottom: 1px solid var(--rule); }
.en-own { font-weight: 600; text-align: end; }
.en-where { color: var(--muted); font-size: 13px; line-height: 18px; }
.en-strip small { display: flex; justify-content: space-between; gap: 8px; color: var(--muted);
  font-size: 12px; line-height: 16px; }
.strip { display: block; width: 100%; max-width: 360px; height: 24px; }
.en-strip small { max-width: 360px; }
.strip-line { stroke: var(--rule); stroke-width: 1; }
.strip-band { fill: var(--bone); stroke: var(--muted); stroke-width: 1; }
.strip-middle { stroke: var(--ink); stroke-width: 2; }
.strip-own { fill: var(--accent); stroke: var(--card); stroke-width: 2; }
.page .en-part { margin: 24px 0 8px; }
.page .en-reported { margin: 16px 0; }
.page .en-find { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: end; margin: 16px 0; }
.en-find .bd-field { flex: 1 1 240px; max-width: 480px; }
.page .en-back { margin: 0 0 8px; font-size: 13px; line-height: 18px; }
@media (max-width: 800px) {
  .en-peers li { grid-template-columns: minmax(0, 1fr) auto; }
  .en-strip, .en-where { grid-column: 1 / -1; }
}
"""
