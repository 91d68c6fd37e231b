"""What the sample's enterprises name: products, batches and machines, drawn and written as NDJSON.

The identifiers are drawn here and loaded by ``identifier_node`` the way an
enterprise would load them, line by line, so that the demo exercises the bulk
path rather than a way of its own. Each line says in itself that it is
synthetic: a record travels alone, without the page it was found on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from ballast.sample.clusters import CLUSTERS
from ballast.sample.goods import GOODS, MACHINES
from ballast.sample.population import NO_CLUSTER, Population
from ballast.sample.register import Register
from ballast.sample.synthetic import SOURCE, Floats, Ints, stream

__all__ = [
    "COUNT",
    "DAYS",
    "NODE_PREFIX",
    "Draw",
    "Holder",
    "Lines",
    "draw",
    "holders",
]

#: The node of the sample. No register begins at 000, and the enterprise's name says the rest.
NODE_PREFIX = "88.000"
COUNT = 200_000
DAYS = 28
_PRODUCT, _BATCH, _MACHINE = range(3)
_WEEKEND = 0.35  # of a working day's batches
_FIRST_DAYS, _MACHINE_DAYS = 2, 10  # when products, when machines are registered
_CHUNK = 2000  # lines
_Shared = tuple[str, str, str, int]
_quoted = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Holder:
    """An enterprise that holds a prefix.

    Parameters
    ----------
    prefix
        The prefix.
    uscc, name, english
        The enterprise.
    cluster
        Key of its cluster.
    industry
        Its class of GB/T 4754.
    weight
        How much it names, in relation to the others.
    """

    prefix: str
    uscc: str
    name: str
    english: str
    cluster: str
    industry: str
    weight: float


@dataclass(frozen=True, slots=True)
class Draw:
    """The identifiers, one element of every array each, in the order of registration.

    Parameters
    ----------
    holder
        Index into ``holders``.
    kind
        Product, batch or machine.
    model
        Which of the holder's models; a batch is of a product that is there.
    number
        Of the batch or machine, within the holder.
    day
        On which day it is registered, from 0.
    """

    holders: tuple[Holder, ...]
    holder: Ints
    kind: Ints
    model: Ints
    number: Ints
    day: Ints

    def __len__(self) -> int:
        return len(self.day)


def holders(people: Population, registered: Register) -> tuple[Holder, ...]:
    """Return the members of the ten clusters with their prefixes, the largest first.

    Parameters
    ----------
    people, registered
        The enterprises of the sample, and how they are registered.
    """
    members = np.flatnonzero((people.cluster != NO_CLUSTER) & np.isnat(registered.closed))
    ordered = members[np.argsort(-people.revenue[members], kind="stable")]
    return tuple(
        Holder(
            prefix=f"{NODE_PREFIX}.{number}",
            uscc=registered.codes[at],
            name=registered.names[at],
            english=registered.english[at] or "",
            cluster=CLUSTERS[int(people.cluster[at])].key,
            industry=str(people.industry_class[at]),
            weight=float(people.revenue[at]) ** 0.4,
        )
        for number, at in enumerate(ordered.tolist(), start=1)
    )


def draw(who: tuple[Holder, ...], seed: int, first_day: date, count: int = COUNT) -> Draw:
    """Return the identifiers of some weeks.

    Parameters
    ----------
    who
        Who names things.
    seed
        The same seed and day give the same identifiers.
    first_day
        The day 0; weekends have fewer batches.
    count
        How many in all.
    """
    rng = stream(seed, "identifiers")
    weight = np.array([one.weight for one in who])
    shares = _shares(weight, count)
    products = np.minimum(np.maximum(shares // 12, 1), 40)
    machines = np.minimum(shares // 8, 60)
    parts = []
    for kind, amounts in (
        (_PRODUCT, products),
        (_MACHINE, machines),
        (_BATCH, shares - products - machines),
    ):
        holder = np.repeat(np.arange(len(who)), amounts)
        number = np.concatenate([np.arange(n) for n in amounts.tolist()])
        if kind == _PRODUCT:
            model = number
            day = rng.integers(0, _FIRST_DAYS, len(holder))
        elif kind == _MACHINE:
            model = number % len(MACHINES[CLUSTERS[0].key])
            day = rng.integers(0, _MACHINE_DAYS, len(holder))
        else:
            model = rng.integers(0, products[holder])
            day = _batch_days(holder, shares, _by_weekday(first_day), rng)
        parts.append((holder, np.full(len(holder), kind), model, number, day))
    columns = [np.concatenate(part) for part in zip(*parts, strict=True)]
    order = np.lexsort((columns[3], columns[1], columns[0], columns[4]))
    return Draw(who, *(column[order].astype(np.int64) for column in columns))


def _shares(weight: Floats, count: int) -> Ints:
    """Return whole numbers in proportion to weights, at least 12 each, that sum to a count."""
    least = 12
    exact = weight / weight.sum() * (count - least * len(weight))
    shares = np.floor(exact).astype(np.int64) + least
    left = count - int(shares.sum())
    shares[np.argsort(np.floor(exact) - exact)[:left]] += 1
    return np.asarray(shares)


def _batch_days(holder: Ints, shares: Ints, chances: Floats, rng: np.random.Generator) -> Ints:
    """Return the day of each batch: a small enterprise loads its batches on a few days."""
    day = np.empty(len(holder), dtype=np.int64)
    edges = np.searchsorted(holder, np.arange(len(shares) + 1))
    for at, amount in enumerate(shares.tolist()):
        busy = min(max(amount // 80, 2), 18)
        days = rng.choice(DAYS, busy, replace=False, p=chances)
        low, high = int(edges[at]), int(edges[at + 1])
        day[low:high] = days[rng.integers(0, busy, high - low)]
    return day


def _by_weekday(first_day: date) -> Floats:
    days = [first_day + timedelta(days=n) for n in range(DAYS)]
    weights = np.array([_WEEKEND if day.weekday() >= 5 else 1.0 for day in days])
    weights[0] = 0.0  # a batch follows its product
    weights[1] = 0.0
    return np.asarray(weights / weights.sum())


class Lines:
    """Writes identifiers as lines of NDJSON; what many lines share is put together once.

    Parameters
    ----------
    found
        What was drawn.
    first_day
        The day 0.
    """

    def __init__(self, found: Draw, first_day: date) -> None:
        self._found, self._first_day = found, first_day
        self._shared: dict[tuple[int, int, int], _Shared] = {}
        self._date, self._made, self._day = first_day, "", ""

    def of_day(self, day: int) -> Iterator[bytes]:
        """Yield the identifiers of a day, some thousand at a time."""
        found = self._found
        self._turn_to(day)
        low, high = np.searchsorted(found.day, (day, day + 1)).tolist()
        for begin in range(low, high, _CHUNK):
            rows = slice(begin, min(begin + _CHUNK, high))
            columns = (found.holder, found.kind, found.model, found.number)
            yield "".join(map(self._line, *(column[rows].tolist() for column in columns))).encode()

    def handle(self, at: int) -> str:
        """Return the handle of one identifier, by its place in the draw."""
        found = self._found
        self._turn_to(int(found.day[at]))
        columns = (found.holder, found.kind, found.model, found.number)
        return str(json.loads(self._line(*(int(column[at]) for column in columns)))["handle"])

    def _turn_to(self, day: int) -> None:
        self._date = self._first_day + timedelta(days=day)
        self._made, self._day = self._date.isoformat(), self._date.strftime("%Y%m%d")

    def _line(self, holder: int, kind: int, model: int, number: int) -> str:
        """Return one line."""
        shared = self._shared.get((holder, kind, model))
        if shared is None:
            shared = self._shared[(holder, kind, model)] = self._share(holder, kind, model)
        head, names, tail, shelf_days = shared
        if kind == _PRODUCT:
            return f"{head}{names}{tail}}}\n"
        if kind == _MACHINE:
            serial = f"{self._day[:4]}{number:04d}"
            return (
                f'{head}.{serial}{names},{{"index":2003,"type":"SERIAL","data":"{serial}"}}'
                f"{tail}}}\n"
            )
        batch = f"{self._day}.{number:04d}"
        return (
            f'{head}.{batch}{names},{{"index":2003,"type":"BATCH","data":"{batch}"}},'
            f'{{"index":2004,"type":"MADE_ON","data":"{self._made}"}}'
            f"{tail}{self._expiry(shelf_days)}}}\n"
        )

    def _share(self, holder: int, kind: int, model: int) -> _Shared:
        who = self._found.holders[holder]
        things = (MACHINES if kind == _MACHINE else GOODS)[who.cluster]
        thing = things[model % len(things)]
        name = f"{thing.code}-{100 + model}"
        label = "SB" if kind == _MACHINE else who.industry
        values = [
            _value(1, "URL", f"https://example.com/{who.prefix}/{name}"),
            _value(2000, "NAME", thing.zh),
            _value(2001, "NAME_EN", thing.en),
            _value(2002, "MODEL", name),
        ]
        ends = [_value(2005, "ENTERPRISE", who.name), _value(2099, "SOURCE", SOURCE)]
        return (
            f'{{"handle":"{who.prefix}/{label}.{name}',
            f'","values":[{",".join(values)}',
            f",{','.join(ends)}]",
            thing.shelf_days,
        )

    def _expiry(self, shelf_days: int) -> str:
        if not shelf_days:
            return ""
        end = self._date + timedelta(days=shelf_days)
        return f',"expires":"{end.isoformat()}T00:00:00+08:00"'


def _value(index: int, kind: str, data: str) -> str:
    return f'{{"index":{index},"type":"{kind}","data":{_quoted(data)}}}'
