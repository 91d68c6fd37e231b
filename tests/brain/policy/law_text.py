"""A small law as text, sound in itself; tests break one line of it at a time."""

from __future__ import annotations

from pathlib import Path

__all__ = ["SMALL_CASES", "SMALL_LAW", "folder_of"]

SMALL_LAW = """\
scheme: technology_sme
label: {zh: 试验, en: trial}
about: {zh: 试验用, en: for trials}
rung: 1
instruments:
  - id: old
    number: 试〔2020〕1号
    title: {zh: 试, en: trial}
    issuer: {zh: 试, en: trial}
    since: 2020-01-01
versions:
  - id: "2020-1"
    instrument: old
    applies:
      - {to: new, since: 2020-01-01, until: 2023-12-31, why: {zh: 旧, en: old}}
      - {to: new, since: 2024-01-01, why: {zh: 新, en: new}}
    parameters:
      revenue_least:
        label: {zh: 收入, en: revenue}
        unit: 1e4_cny
        values:
          - {since: 2020-01-01, value: 1000, article: 第1条}
          - {since: 2024-01-01, value: 1500, article: 第1条}
      score_least:
        label: {zh: 得分, en: score}
        unit: points
        values:
          - {since: 2020-01-01, value: 10, article: 第2条}
    quantities:
      revenue: {label: {zh: 收入, en: revenue}, unit: 1e4_cny, formula: "revenue[last]"}
      share: {label: {zh: 占比, en: share}, unit: percent, formula: "rd[last] / revenue[last]"}
    criterion:
      kind: all
      id: top
      label: {zh: 全部, en: all}
      article: 第1条
      of:
        - {kind: compare, id: revenue, label: {zh: 收入, en: revenue},
           article: 第1条, quantity: revenue, op: ">=", threshold: revenue_least}
        - {kind: flag, id: fraud, label: {zh: 无, en: none},
           article: 第1条, fact: fraud_3y, expected: false}
        - {kind: among, id: institution, label: {zh: 机构, en: institution},
           article: 第1条, fact: rd_institution, choices: [national, provincial]}
        - {kind: holds, id: holds, label: {zh: 持有, en: holds},
           article: 第1条, schemes: [high_tech]}
        - kind: score
          id: score
          label: {zh: 得分, en: score}
          article: 第2条
          threshold: score_least
          groups:
            - id: group
              label: {zh: 组, en: group}
              cap: 20
              items:
                - kind: bands
                  id: share_points
                  label: {zh: 占比, en: share}
                  article: 第2条
                  quantity: share
                  unit: percent
                  bands:
                    - {at_least: 5, points: 20}
                    - {at_least: 3, points: 10}
                    - {points: 0}
                - {kind: expert, id: expert, label: {zh: 专家, en: experts},
                   article: 第2条, points: {low: 0, high: 2}, fact: listing_points}
    windows:
      - {label: {zh: 窗口, en: window}, opens: 06-01, closes: 08-31}
"""

SMALL_CASES = """\
scheme: technology_sme
base:
  one:
    revenue[last]: 2000
    rd[last]: 100
    fraud_3y: false
    rd_institution: national
    listing_points: 0
cases:
  - name: {zh: 符合, en: met}
    day: 2025-05-01
    base: one
    holds: [high_tech]
    expect: eligible
tables:
  - name: {zh: 收入, en: revenue}
    day: 2025-05-01
    base: one
    vary: "revenue[last]"
    of: revenue
    rows: [[1499, unmet], [1500, met], [1501, met]]
  - name: {zh: 旧收入, en: old revenue}
    day: 2023-05-01
    base: one
    vary: "revenue[last]"
    of: revenue
    rows: [[999, unmet], [1000, met], [1001, met]]
  - name: {zh: 占比, en: share}
    day: 2025-05-01
    base: one
    vary: "rd[last]"
    of: share_points
    rows: [[59, 0], [60, 10], [61, 10], [99, 10], [100, 20], [101, 20]]
  - name: {zh: 得分, en: score}
    day: 2025-05-01
    base: one
    vary: "listing_points"
    of: score
    facts: {"rd[last]": 60}
    rows: [[0, 10], [1, 11]]
  - name: {zh: 不足, en: too few}
    day: 2025-05-01
    base: one
    vary: "rd[last]"
    of: score
    rows: [[59, unmet], [60, met]]
"""


def folder_of(folder: Path, law: str = SMALL_LAW, cases: str | None = SMALL_CASES) -> Path:
    """Write a law and its cases into a folder of their own, and return it."""
    folder.mkdir(exist_ok=True)
    (folder / "technology_sme.yaml").write_text(law, encoding="utf-8")
    if cases is not None:
        (folder / "technology_sme.cases.yaml").write_text(cases, encoding="utf-8")
    return folder
