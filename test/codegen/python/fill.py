from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp


def fill(message: Message, path: str) -> None:
    """Sets every field at every depth by the rule in ../fill.ts.

    The path tells where the message stands.
    """
    for field in message.DESCRIPTOR.fields:
        at = f"{path}.{field.name}"
        target = getattr(message, field.name)
        if field.message_type and field.message_type.GetOptions().map_entry:
            value = field.message_type.fields_by_name["value"]
            for key in ("a", "b"):
                if value.message_type:
                    fill_message(target[key], value, f"{at}[{key}]")
                else:
                    target[key] = scalar(value, f"{at}[{key}]")
        elif field.is_repeated:
            for index in (0, 1):
                if field.message_type:
                    fill_message(target.add(), field, f"{at}[{index}]")
                else:
                    target.append(scalar(field, f"{at}[{index}]"))
        elif field.message_type:
            fill_message(target, field, at)
        else:
            setattr(message, field.name, scalar(field, at))


def fill_message(message: Message, field: Any, path: str) -> None:
    if isinstance(message, Struct):
        message.update(
            {
                "text": path,
                "number": 1.5,
                "flag": True,
                "nothing": None,
                "list": [1, "two", False],
                "object": {"nested": path},
            }
        )
    elif isinstance(message, Timestamp):
        message.seconds, message.nanos = 1_700_000_000 + field.number, 120_000_000
    else:
        fill(message, path)


def scalar(field: Any, path: str) -> Any:
    if field.type == FieldDescriptor.TYPE_STRING:
        return f"{path} ✓"
    if field.type == FieldDescriptor.TYPE_BYTES:
        return path.encode()
    if field.type == FieldDescriptor.TYPE_BOOL:
        return True
    if field.type == FieldDescriptor.TYPE_INT32:
        return field.number
    if field.type == FieldDescriptor.TYPE_ENUM and field.enum_type:
        return field.enum_type.values[-1].number
    raise TypeError(f"{path} has a type that is not foreseen: {field.type}")
