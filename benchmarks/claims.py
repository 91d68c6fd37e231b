"""How well and how fast statements are read.

    python benchmarks/claims.py [--show] [--home HOME]

How well: precision and recall on the labelled sentences (tests/brain/claims).
*Found*: is there a statement of this kind with this value, unit and bound?
*Whole*: is all of it right, that is also the figure, the place, the period,
whom or what it is compared with? A statement that was read and is not in the
labels counts against precision in both. The unseen part (every third line) is
stated apart; ``--show`` lists what is wrong in the open part only.

How fast: a text of 10,000 words against its bound of two seconds of one core.
There is no peer that reads the same statements. With a home, what a user waits
for is timed too: reading and answering a report of 10,000 words in the shape
that such reports have (the city, its counties and zones, divisions, clusters;
the newest year to date and the newest year), against the same bound; and the
answers to the labelled sentences. The figures of the report are made up and
seldom right, which is the dearer case: whatever does not agree is looked up a
second time, the county without its zones.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ballast.brain.claims.checking import check
from ballast.brain.claims.newest import Newest
from ballast.brain.claims.reading import statements
from ballast.brain.claims.statement import Kind, Statement
from ballast.brain.claims.tokens import is_english
from ballast.brain.claims.vocabulary import NamedCluster, Vocabulary, place_names, vocabulary
from ballast.lake.lake import Lake
from ballast.sample.clusters import CLUSTERS
from ballast.sample.structure import CITY, ZONES
from ballast.terms.industry import industry
from ballast.terms.label import Language
from ballast.terms.period import Period, whole_year, year_to_date
from ballast.terms.region import children, region
from ballast.terms.unit import UNITS
from ballast.terms.viewer import PUBLIC, operator

LABELLED = Path(__file__).resolve().parents[1] / "tests" / "brain" / "claims" / "labelled.jsonl"
WRITTEN = date(2026, 7, 10)
WORDS, BOUND = 10_000, 2.0
CHARACTERS_A_WORD = 1.7  # Chinese words have one or two characters
ZONE_NAMES = {"开发区": "KFQ", "经济开发区": "KFQ", "高新区": "GXQ", "度假区": "DJQ"}
FACTORS = {"cny_per_person": Decimal("1e-4")}

Key = tuple[object, ...]


def known() -> Vocabulary:
    """Return the names of the sample city."""
    places = place_names(CITY)
    places |= {zone.label.zh: zone.code for zone in ZONES}
    places |= {name: f"{CITY}-{end}" for name, end in ZONE_NAMES.items()}
    clusters = tuple(NamedCluster(c.key, c.label, c.region) for c in CLUSTERS)
    return Vocabulary(CITY, places, clusters, {})


def labelled() -> list[tuple[int, str, list[dict[str, Any]]]]:
    """Return line number, text and statements of every sentence."""
    lines = LABELLED.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [(n, row["text"], row["is"]) for n, row in enumerate(rows, start=1)]


def _number(value: object, unit: str) -> str | None:
    if value is None:
        return None
    of = UNITS.get(unit)
    factor = FACTORS.get(unit, Decimal(1)) if of is None else of.factor
    both = value if isinstance(value, list) else [value]
    return "..".join(f"{(Decimal(str(v)) * factor).normalize():f}" for v in both)


def _dimension(unit: str) -> str:
    return UNITS[unit].dimension if unit in UNITS else unit.removeprefix("1e4_")


def of_label(one: Mapping[str, Any]) -> tuple[Key, Key]:
    """Return what is compared of a labelled statement: found, and whole."""
    unit = one.get("u", "")
    found = (one["k"], _number(one.get("v"), unit), _dimension(unit), one.get("b", "exact"))
    scope = one.get("in", "")
    rest = (
        one.get("of"), one.get("p", CITY), one.get("t"), one.get("since"), one.get("years"),
        one.get("months"), bool(one.get("yearly")), one.get("against"), one.get("within"),
        scope, bool(one.get("growth")), bool(one.get("share")), one.get("list"),
        bool(one.get("target")),
    )  # fmt: skip
    return found, (*found, *rest)


def of_statement(one: Statement) -> tuple[Key, Key]:
    """Return the same of a statement that was read."""
    amount = one.amount
    unit = "" if amount is None else amount.unit.name if amount.unit else amount.words
    low = None if amount is None else amount.low
    value = None if amount is None or low is None else (
        [low, amount.high] if amount.high is not None else low
    )  # fmt: skip
    if one.kind is Kind.LISTED and low is None:
        unit = ""
    bound = "exact" if amount is None else amount.bound.value
    found = (one.kind.value, _number(value, unit), _dimension(unit), bound)
    place = CITY
    if one.place is not None:
        place = "+".join(one.place.codes) or f"?{one.place.words}"
    scope = one.scope
    written = ""
    if scope is not None:
        known_code = scope.words if scope.kind == "enterprise" else scope.code
        written = f"{scope.kind}:{known_code}" if known_code else f"?{scope.words}"
    since = str(one.since) if one.since else "previous" if one.previous else None
    rest = (
        one.subject.key, place, str(one.period) if one.period else None, since, one.years,
        one.months, one.yearly, one.against.codes[0] if one.against and one.against.codes else None,
        one.within.codes[0] if one.within else None, written, one.of_growth, one.of_share,
        one.listing, one.target,
    )  # fmt: skip
    return found, (*found, *rest)


def score(
    rows: Sequence[tuple[int, str, list[dict[str, Any]]]], *, show: bool = False
) -> dict[str, tuple[float, float, int, int, int]]:
    """Return precision and recall, and labelled, read and right statements: found and whole."""
    names = known()
    totals = {"found": [0, 0, 0], "whole": [0, 0, 0]}
    for number, text, labels in rows:
        read = [of_statement(s) for s in statements(text, written=WRITTEN, known=names)]
        want = [of_label(one) for one in labels]
        for which, name in enumerate(totals):
            a, b = Counter(w[which] for w in want), Counter(r[which] for r in read)
            totals[name][0] += len(want)
            totals[name][1] += len(read)
            totals[name][2] += sum((a & b).values())
            if show and which and a != b:
                print(f"{number} {text}")
                print(*(f"   - {key}" for key in (a - b).elements()), sep="\n")
                print(*(f"   + {key}" for key in (b - a).elements()), sep="\n")
    return {
        name: (right / max(read, 1), right / max(want, 1), want, read, right)
        for name, (want, read, right) in totals.items()
    }


def best(of: Callable[[], object], times: int = 3) -> float:
    """Return the least of several times that one core worked, in seconds."""
    found = []
    for _ in range(times):
        start = time.process_time()
        of()
        found.append(time.process_time() - start)
    return min(found)


def report(*, english: bool) -> str:
    """Return a text of 10,000 words made of the labelled sentences of one language."""
    chosen = [text for _, text, _ in labelled() if is_english(text) == english]
    page = " ".join(chosen) if english else "".join(chosen)
    size = len(page.split()) if english else len(page) / CHARACTERS_A_WORD
    return "\n".join([page] * (int(WORDS / size) + 1))


def accuracy() -> None:
    """Print precision and recall of both parts."""
    rows = labelled()
    parts = {
        "open": [row for row in rows if row[0] % 3],
        "unseen": [row for row in rows if row[0] % 3 == 0],
    }
    for part, chosen in parts.items():
        found = score(chosen, show=part == "open" and "--show" in sys.argv)
        for name, (precision, recall, want, read, right) in found.items():
            print(
                f"{part:7} {len(chosen):4} sentences  {name}: precision {precision:6.1%} "
                f"recall {recall:6.1%}  ({right} right of {read} read, {want} labelled)"
            )


def speed() -> None:
    """Print the times."""
    names = known()
    for english in (False, True):
        text = report(english=english)
        found = len(statements(text, written=WRITTEN, known=names))
        took = best(lambda text=text: statements(text, written=WRITTEN, known=names))  # type: ignore[misc]
        said = "in English" if english else "in Chinese"
        print(
            f"{WORDS:,} words {said} ({len(text):,} characters, {found} statements): "
            f"{took:.2f} s, bound {BOUND:.0f} s {'kept' if took < BOUND else 'BROKEN'}"
        )
    if "--home" in sys.argv:
        answered(Lake.open(Path(sys.argv[sys.argv.index("--home") + 1])))


def answered(lake: Lake) -> None:
    """Print how long a report takes from its words to its answers, and the labelled sentences."""
    today = datetime.now(UTC).date()
    newest = max(Newest(lake, PUBLIC).stored(), key=lambda p: p.end)
    times = (year_to_date(newest.year, newest.last_month), whole_year(newest.year - 1))
    for viewer, who in ((operator("benchmark"), "the bureau"), (PUBLIC, "everybody")):
        own = vocabulary(lake, viewer, CITY)
        texts = {
            "a report in Chinese": real_looking("zh", times),
            "a report in English": real_looking("en", times),
            "the labelled sentences": "\n".join(text for _, text, _ in labelled()),
        }
        for name, text in texts.items():
            begun, worked = time.perf_counter(), time.process_time()
            read = statements(text, written=today, known=own)
            found = time.process_time() - worked
            answers = check(lake, viewer, read, today, home=CITY)
            took, worked = time.perf_counter() - begun, time.process_time() - worked
            there = sum(bool(one.ours) for one in answers)
            kept = "" if "labelled" in name else f", bound {BOUND:.0f} s " + (
                "kept" if took < BOUND else "BROKEN"
            )  # fmt: skip
            print(
                f"{name}, for {who}: {len(read)} statements found and {there} answered in "
                f"{took:.1f} s by the clock, {worked:.1f} s of a core ({found:.1f} s to find them)"
                f"{kept}"
            )


DIVISIONS = ("32", "31", "38", "34", "33", "13", "26", "35")
FILLER = {
    "zh": "各级各部门坚持把发展经济的着力点放在实体经济上，落实包联帮扶制度，主动上门解难题。"
    "推动政策直达快享。"
    "企业普遍反映订单稳定，用工有保障，融资渠道更加畅通，转型信心进一步增强。",
    "en": "Departments at every level kept to the real economy, sent people to the workshops, and "
    "saw to it that what was promised reached those it was meant for. Firms speak of steady "
    "orders, of hands that stay, and of banks that listen. ",
}


def real_looking(language: Language, times: tuple[Period, Period]) -> str:
    """Return a report of 10,000 words with some 200 statements, the same each time.

    Parameters
    ----------
    language
        In which it is written.
    times
        The newest year to date, and the newest whole year.
    """
    english = language == "en"
    wholes = [region(code).label for code in children(CITY)] + [zone.label for zone in ZONES]
    parts = ["" if english else "全市", *(label.text(language) for label in wholes)]
    scopes = [industry(code).label.text(language) for code in DIVISIONS]
    clusters = [cluster.label.text(language) for cluster in CLUSTERS]
    number, said = 0, []
    for when in times:
        for kind, names in (("place", parts), ("division", scopes), ("cluster", clusters)):
            for name in names:
                number += 1
                write = _in_english if english else _in_chinese
                said.append(write(kind, name, when, number))
    size = sum(map(len, said)) / CHARACTERS_A_WORD
    words = sum(len(text.split()) for text in said) if english else size
    filler = FILLER[language]
    each = len(filler.split()) if english else len(filler) / CHARACTERS_A_WORD
    gaps = int((WORDS - words) / each / len(said)) + 1
    return "\n".join(text + filler * gaps for text in said)


def _in_chinese(kind: str, name: str, when: Period, n: int) -> str:
    start = f"{when.label.zh}，"
    if kind == "cluster":
        return f"{start}{name}产业集群营业收入{n * 7.3:.1f}亿元，同比增长{n % 9}.{n % 7}%。"
    whole = f"营业收入{n * 13.7:.1f}亿元，同比增长{n % 8}.{n % 6}%，"
    if kind == "division":
        return (
            f"{start}{name}{whole}占全部规模以上工业的{n % 23}.{n % 9}%，"
            f"出口交货值{n * 1.7:.1f}亿元。"
        )
    share = f"占全市的{n % 20}.{n % 7}%，" if name != "全市" else ""
    return (
        f"{start}{name}规上工业{whole}{share}利润总额{n * 0.9:.1f}亿元，同比下降{n % 5}.{n % 8}%，"
        f"工业总产值{n * 14.1:.1f}亿元。"
    )


def _in_english(kind: str, name: str, when: Period, n: int) -> str:
    start = f"In {when.year}" if when.kind.value == "year" else f"In January-May {when.year}"
    if kind == "cluster":
        return (
            f"{start} revenue of the cluster {name} came to CNY {n * 0.73:.2f} billion, up "
            f"{n % 9}.{n % 7}%. "
        )
    whole = f"revenue of CNY {n * 1.37:.2f} billion, up {n % 8}.{n % 6}%"
    if kind == "division":
        low = name[:1].lower() + name[1:]
        return (
            f"{start} {low} earned {whole}, {n % 23}.{n % 9}% of the whole; its export deliveries "
            f"were CNY {n * 0.17:.2f} billion. "
        )
    return (
        f"{start} {name or 'the city'} earned {whole}; total profit was CNY {n * 0.09:.2f} "
        f"billion, down {n % 5}.{n % 8}%, and gross output CNY {n * 1.41:.2f} billion. "
    )


if __name__ == "__main__":
    accuracy()
    speed()
