package main

import (
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// fill sets every field at every depth by the rule in ../fill.ts. The path tells where the message
// stands.
func fill(message protoreflect.Message, path string) {
	fields := message.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		at := fmt.Sprintf("%s.%s", path, field.Name())
		switch {
		case field.IsList():
			list := message.Mutable(field).List()
			for _, index := range []string{"0", "1"} {
				list.Append(filled(list.NewElement(), field, at+"["+index+"]"))
			}
		case field.IsMap():
			entries := message.Mutable(field).Map()
			for _, key := range []string{"a", "b"} {
				value := filled(entries.NewValue(), field.MapValue(), at+"["+key+"]")
				entries.Set(protoreflect.ValueOfString(key).MapKey(), value)
			}
		default:
			message.Set(field, filled(message.NewField(field), field, at))
		}
	}
}

// filled returns the value of a field; a message is filled in place.
func filled(value protoreflect.Value, field protoreflect.FieldDescriptor, path string) protoreflect.Value {
	switch field.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(path + " ✓")
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte(path))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(true)
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(int32(field.Number()))
	case protoreflect.EnumKind:
		values := field.Enum().Values()
		return protoreflect.ValueOfEnum(values.Get(values.Len() - 1).Number())
	case protoreflect.MessageKind:
		switch message := value.Message().Interface().(type) {
		case *structpb.Struct:
			proto.Merge(message, filledStruct(path))
		case *timestamppb.Timestamp:
			message.Seconds, message.Nanos = 1_700_000_000+int64(field.Number()), 120_000_000
		default:
			fill(value.Message(), path)
		}
		return value
	default:
		check(fmt.Errorf("%s has a kind that is not foreseen: %s", path, field.Kind()))
		return value
	}
}

func filledStruct(path string) *structpb.Struct {
	made, err := structpb.NewStruct(map[string]any{
		"text":    path,
		"number":  1.5,
		"flag":    true,
		"nothing": nil,
		"list":    []any{1, "two", false},
		"object":  map[string]any{"nested": path},
	})
	check(err)
	return made
}
