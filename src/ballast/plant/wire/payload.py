"""A whole payload as frozen values, both ways: for births, commands, tests and the sample factory.

Data messages do not come through here: they are a thousand times as many, and
`ballast.plant.wire.readings` reads of them only what a column needs. Here
everything a payload says is kept; data sets, templates and extensions stay the
bytes they were, and pass through unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ballast.errors import Refused
from ballast.plant.wire.datatype import FIELD_OF, SIGNED_BITS, WIDTH_BITS, DataType, fit
from ballast.plant.wire.schema import new_message, parse, serialise

__all__ = ["BD_SEQ", "REBIRTH", "Metric", "Payload", "Value", "decode", "encode", "unfold"]

BD_SEQ = "bdSeq"
REBIRTH = "Node Control/Rebirth"

Value = int | float | bool | str | bytes | None


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric; what was not said is None (or false, for the three marks).

    ``value`` is a number, text or bytes by its datatype; None where ``is_null``
    or where nothing was said. A DateTime is milliseconds since 1970 (UTC).
    """

    name: str | None = None
    value: Value = None
    datatype: DataType | None = None
    alias: int | None = None
    timestamp: int | None = None
    is_historical: bool = False
    is_transient: bool = False
    is_null: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Payload:
    """One message: when it was sent (ms, UTC), its place in the sequence, its metrics."""

    timestamp: int | None = None
    metrics: tuple[Metric, ...] = ()
    seq: int | None = None
    uuid: str | None = None
    body: bytes | None = None

    def metric(self, name: str) -> Metric | None:
        """Return the metric of a name, the last where there are several."""
        return next((m for m in reversed(self.metrics) if m.name == name), None)


def decode(data: bytes) -> Payload:
    """Return what a payload says.

    Raises
    ------
    Refused
        The bytes are no Sparkplug B payload, or a value does not fit the
        datatype that stands beside it.

    Examples
    --------
    >>> decode(encode(Payload(5, (Metric("t", -3, DataType.INT16),), seq=0))).metrics[0].value
    -3
    """
    return unfold(parse(data))


def unfold(message: Any) -> Payload:
    """Return a parsed message (of `ballast.plant.wire.schema.parse`) as frozen values."""
    return Payload(
        timestamp=_said(message, "timestamp"),
        metrics=tuple(_metric(one) for one in message.metrics),
        seq=_said(message, "seq"),
        uuid=_said(message, "uuid"),
        body=_said(message, "body"),
    )


def _said(message: Any, name: str) -> Any:
    return getattr(message, name) if message.HasField(name) else None


def _metric(message: Any) -> Metric:
    number = _said(message, "datatype")
    datatype = None if number is None else DataType(number)
    null = message.is_null
    return Metric(
        name=_said(message, "name"),
        value=None if null else _value(message, datatype, message.name),
        datatype=datatype,
        alias=_said(message, "alias"),
        timestamp=_said(message, "timestamp"),
        is_historical=message.is_historical,
        is_transient=message.is_transient,
        is_null=null,
        metadata={f.name: value for f, value in message.metadata.ListFields()},
        properties=_properties(message.properties) if message.HasField("properties") else {},
    )


def _value(message: Any, datatype: DataType | None, name: str) -> Value:
    """Return the one value of a metric or a property, read by its datatype."""
    which = message.WhichOneof("value")
    if which is None:
        return None
    value = getattr(message, which)
    if which in ("int_value", "long_value") and (datatype in SIGNED_BITS or datatype in WIDTH_BITS):
        assert datatype is not None  # noqa: S101 - it is in one of the tables
        fitted = fit(datatype, value)
        if fitted is None:
            raise Refused(
                "{name} carries {value}, which is no {kind}; see what the edge node publishes",
                name=name or "?",
                value=value,
                kind=datatype.name,
            )
        return fitted
    if isinstance(value, int | float | str | bytes):
        return value
    packed: bytes = value.SerializeToString()
    return packed


def _properties(message: Any) -> dict[str, Any]:
    """Return a property set; keys without a value, and values without a key, are let go."""
    return {k: _property(k, v) for k, v in zip(message.keys, message.values, strict=False)}


def _property(key: str, message: Any) -> Any:
    if message.is_null:
        return None
    which = message.WhichOneof("value")
    if which == "propertyset_value":
        return _properties(message.propertyset_value)
    if which == "propertysets_value":
        return [_properties(one) for one in message.propertysets_value.propertyset]
    return _value(message, DataType(message.type), key)


def encode(payload: Payload) -> bytes:
    """Return the bytes of a payload.

    Raises
    ------
    Refused
        A metric has a value and no datatype to write it by, or does not fit it.

    Examples
    --------
    >>> encode(Payload(timestamp=1, seq=7)).hex()
    '08011807'
    """
    message = new_message()
    for name in ("timestamp", "seq", "uuid", "body"):
        if (said := getattr(payload, name)) is not None:
            setattr(message, name, said)
    for metric in payload.metrics:
        _fill(message.metrics.add(), metric)
    return serialise(message)


def _fill(message: Any, metric: Metric) -> None:
    for name in ("name", "alias", "timestamp", "datatype"):
        if (said := getattr(metric, name)) is not None:
            setattr(message, name, said)
    for name in ("is_historical", "is_transient", "is_null"):
        if getattr(metric, name):
            setattr(message, name, True)
    for name, said in metric.metadata.items():
        setattr(message.metadata, name, said)
    if metric.value is not None:
        _fill_value(message, metric.datatype, metric.value, metric.name or "")
    for key, said in metric.properties.items():
        _fill_property(message.properties, key, said)


def _fill_value(message: Any, datatype: DataType | None, value: Value, name: str) -> None:
    target = FIELD_OF.get(DataType.UNKNOWN if datatype is None else datatype)
    refused = Refused(
        "{name}: {value} cannot be written as {kind}; give the datatype of the birth",
        name=name or "?",
        value=str(value)[:80],
        kind="UNKNOWN" if datatype is None else datatype.name,
    )
    if target is None or datatype is None:
        raise refused
    try:
        if target in ("dataset_value", "template_value"):
            getattr(message, target).MergeFromString(value)
        elif datatype in SIGNED_BITS:
            half = 1 << (SIGNED_BITS[datatype] - 1)
            if not isinstance(value, int) or not -half <= value < half:
                raise refused
            setattr(message, target, value & (2**64 - 1 if target == "long_value" else 2**32 - 1))
        elif datatype in WIDTH_BITS and (
            not isinstance(value, int) or not 0 <= value < 1 << WIDTH_BITS[datatype]
        ):
            raise refused
        else:
            setattr(message, target, value)
    except (TypeError, ValueError):
        raise refused from None


def _fill_property(message: Any, key: str, said: Any) -> None:
    """Write one property under the datatype that Python's own type suggests."""
    message.keys.append(key)
    written = message.values.add()
    if said is None:
        written.is_null = True
    elif isinstance(said, Mapping):
        written.type = DataType.PROPERTY_SET
        written.propertyset_value.SetInParent()
        for inner, value in said.items():
            _fill_property(written.propertyset_value, inner, value)
    elif isinstance(said, list | tuple):
        written.type = DataType.PROPERTY_SET_LIST
        written.propertysets_value.SetInParent()
        for one in said:
            inside = written.propertysets_value.propertyset.add()
            for inner, value in one.items():
                _fill_property(inside, inner, value)
    else:
        # "The type of the Property Value MUST be a value of 3" (chapter 6, Quality Codes)
        small = isinstance(said, int) and -(2**31) <= said < 2**31
        written.type = (
            DataType.BOOLEAN
            if isinstance(said, bool)
            else (DataType.INT32 if small else DataType.INT64)
            if isinstance(said, int)
            else DataType.DOUBLE
            if isinstance(said, float)
            else DataType.STRING
        )
        _fill_value(written, DataType(written.type), said, key)
