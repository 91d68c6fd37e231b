"""The shape of a Sparkplug B payload by field number, given to the official protobuf.

The numbers are those of the specification's chapter 6. They are written as a
table and turned into a descriptor in the program: no generated module to keep
in step with a compiler, no file of another project to carry, and the fields we
do not read survive as unknown fields. Only this module knows protobuf.

Repeated fields are written unpacked and every scalar says whether it was set,
as version 2 of the language does; strings that are not UTF-8 are refused while
parsing, not when somebody reads them.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import (  # type: ignore[import-untyped]
    descriptor_pb2,
    descriptor_pool,
    message,
    message_factory,
)

from ballast.errors import Refused

__all__ = ["MAX_BYTES", "MAX_METRICS", "new_message", "parse", "serialise"]

# Bounds on one message: a birth of 10,000 tags with long names is about 1 MB.
MAX_BYTES = 32 * 1024 * 1024
MAX_METRICS = 200_000

_PACKAGE = "ballast.sparkplug"
# A name starting with "." is a message; "*" repeats; "|" is a member of the one value.
_SHAPE: dict[str, str] = {
    "Payload": "1 u64 timestamp, 2 .Metric* metrics, 3 u64 seq, 4 str uuid, 5 bin body",
    "Metric": "1 str name, 2 u64 alias, 3 u64 timestamp, 4 u32 datatype, 5 bool is_historical, "
    "6 bool is_transient, 7 bool is_null, 8 .MetaData metadata, 9 .PropertySet properties, "
    "10 u32| int_value, 11 u64| long_value, 12 f32| float_value, 13 f64| double_value, "
    "14 bool| boolean_value, 15 str| string_value, 16 bin| bytes_value, "
    "17 .DataSet| dataset_value, 18 .Template| template_value, 19 .Extension| extension_value",
    "MetaData": "1 bool is_multi_part, 2 str content_type, 3 u64 size, 4 u64 seq, "
    "5 str file_name, 6 str file_type, 7 str md5, 8 str description",
    "PropertySet": "1 str* keys, 2 .PropertyValue* values",
    "PropertySetList": "1 .PropertySet* propertyset",
    "PropertyValue": "1 u32 type, 2 bool is_null, 3 u32| int_value, 4 u64| long_value, "
    "5 f32| float_value, 6 f64| double_value, 7 bool| boolean_value, 8 str| string_value, "
    "9 .PropertySet| propertyset_value, 10 .PropertySetList| propertysets_value, "
    "11 .Extension| extension_value",
    "DataSet": "1 u64 num_of_columns, 2 str* columns, 3 u32* types, 4 .Row* rows",
    "Row": "1 .Cell* elements",
    "Cell": "1 u32| int_value, 2 u64| long_value, 3 f32| float_value, 4 f64| double_value, "
    "5 bool| boolean_value, 6 str| string_value, 7 .Extension| extension_value",
    "Template": "1 str version, 2 .Metric* metrics, 3 .Parameter* parameters, "
    "4 str template_ref, 5 bool is_definition",
    "Parameter": "1 str name, 2 u32 type, 3 u32| int_value, 4 u64| long_value, "
    "5 f32| float_value, 6 f64| double_value, 7 bool| boolean_value, 8 str| string_value, "
    "9 .Extension| extension_value",
    "Extension": "",
}
_Field = descriptor_pb2.FieldDescriptorProto
_SCALARS = {
    "u32": _Field.TYPE_UINT32,
    "u64": _Field.TYPE_UINT64,
    "f32": _Field.TYPE_FLOAT,
    "f64": _Field.TYPE_DOUBLE,
    "bool": _Field.TYPE_BOOL,
    "str": _Field.TYPE_STRING,
    "bin": _Field.TYPE_BYTES,
}


def _described() -> Any:
    """Return the descriptor of the whole shape."""
    file = descriptor_pb2.FileDescriptorProto(
        name="ballast/sparkplug", package=_PACKAGE, syntax="editions", edition="EDITION_2023"
    )
    file.options.features.repeated_field_encoding = descriptor_pb2.FeatureSet.EXPANDED
    for name, fields in _SHAPE.items():
        shape = file.message_type.add(name=name)
        for line in filter(None, fields.split(", ")):
            number, kind, title = line.split()
            field = shape.field.add(name=title, number=int(number), label=_Field.LABEL_OPTIONAL)
            if kind.endswith("*"):
                field.label = _Field.LABEL_REPEATED
            if kind.endswith("|"):
                if not shape.oneof_decl:
                    shape.oneof_decl.add(name="value")
                field.oneof_index = 0
            bare = kind.rstrip("*|")
            if bare.startswith("."):
                field.type, field.type_name = _Field.TYPE_MESSAGE, f".{_PACKAGE}{bare}"
            else:
                field.type = _SCALARS[bare]
    return file


def _message_class() -> Any:
    pool = descriptor_pool.DescriptorPool()  # our own: no clash with another program's schema
    pool.Add(_described())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.Payload"))


_Payload = _message_class()
_DecodeError = message.DecodeError


def parse(data: bytes) -> Any:
    """Return the protobuf message of a payload; its fields are those of the table above.

    Parameters
    ----------
    data
        The bytes of one MQTT message.

    Raises
    ------
    Refused
        The bytes are no Sparkplug B payload, or break a bound.

    Examples
    --------
    >>> parse(bytes([0x18, 0x07])).seq
    7
    """
    if len(data) > MAX_BYTES:
        raise Refused(
            "a payload of {size} bytes is over the bound of {bound}; publish fewer metrics at once",
            size=len(data),
            bound=MAX_BYTES,
        )
    try:
        found = _Payload.FromString(data)
    except _DecodeError:
        raise Refused(
            "a payload of {size} bytes is not Sparkplug B; see what publishes on that topic",
            size=len(data),
        ) from None
    if len(found.metrics) > MAX_METRICS:
        raise Refused(
            "a payload of {count} metrics is over the bound of {bound}; publish fewer at once",
            count=len(found.metrics),
            bound=MAX_METRICS,
        )
    return found


def new_message() -> Any:
    """Return an empty payload to be filled and given to `serialise`."""
    return _Payload()


def serialise(payload: Any) -> bytes:
    """Return the bytes of a payload."""
    written: bytes = payload.SerializeToString()
    return written
