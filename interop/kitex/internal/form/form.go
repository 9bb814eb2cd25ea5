// Package form turns what thriftgo generates into JSON and back without losing anything, so that the other side of a test can
// be written in another language:
//
//	bool, i8, i16, i32, enum   boolean, number
//	i64                        string of decimal digits
//	double                     number, or "NaN", "Infinity", "-Infinity", "-0"
//	string                     string
//	binary                     string of base64
//	list, set                  array
//	map                        array of [key, value], sorted by the JSON of the key
//	struct, union, exception   object by field name, without fields that are not set
package form

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"sort"
	"strconv"
	"strings"
)

// Encode gives the JSON form of a generated value.
func Encode(value any) (json.RawMessage, error) {
	plain, err := toPlain(reflect.ValueOf(value))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(plain); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// Decode fills a generated struct from its JSON form. Fields that are missing keep their value.
func Decode(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var plain any
	if err := decoder.Decode(&plain); err != nil {
		return err
	}
	return fromPlain(plain, reflect.ValueOf(into).Elem())
}

// object keeps its fields in the order of the IDL, which a Go map would not.
type object []member

type member struct {
	name  string
	value any
}

func (o object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, each := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		name, _ := json.Marshal(each.name)
		out.Write(name)
		out.WriteByte(':')
		value, err := marshal(each.value)
		if err != nil {
			return nil, err
		}
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

func marshal(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSpace(out.Bytes()), err
}

func isEnum(t reflect.Type) bool {
	return t.Kind() == reflect.Int64 && t.Implements(reflect.TypeFor[fmt.Stringer]())
}

func isBinary(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
}

// fieldName is the IDL's name of a struct field, or empty for one that is not in the IDL.
func fieldName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("thrift"), ",")
	return name
}

func isOptional(field reflect.StructField) bool {
	return strings.HasSuffix(field.Tag.Get("thrift"), ",optional")
}

func toPlain(v reflect.Value) (any, error) {
	switch v.Kind() {
	case reflect.Pointer:
		return toPlain(v.Elem())
	case reflect.Bool:
		return v.Bool(), nil
	case reflect.Int8, reflect.Int16, reflect.Int32:
		return v.Int(), nil
	case reflect.Int64:
		if isEnum(v.Type()) {
			return v.Int(), nil
		}
		return strconv.FormatInt(v.Int(), 10), nil
	case reflect.Float64:
		return plainDouble(v.Float()), nil
	case reflect.String:
		return v.String(), nil
	case reflect.Slice:
		if isBinary(v.Type()) {
			return base64.StdEncoding.EncodeToString(v.Bytes()), nil
		}
		list := make([]any, v.Len())
		for i := range list {
			item, err := toPlain(v.Index(i))
			if err != nil {
				return nil, err
			}
			list[i] = item
		}
		return list, nil
	case reflect.Map:
		return plainMap(v)
	case reflect.Struct:
		fields := object{}
		for i := range v.NumField() {
			field, value := v.Type().Field(i), v.Field(i)
			name := fieldName(field)
			if name == "" || (isNil(value) && (isOptional(field) || value.Kind() == reflect.Pointer)) {
				continue
			}
			plain, err := toPlain(value)
			if err != nil {
				return nil, err
			}
			fields = append(fields, member{name, plain})
		}
		return fields, nil
	}
	return nil, fmt.Errorf("form: no JSON form for %s", v.Type())
}

func isNil(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		return v.IsNil()
	}
	return false
}

func plainDouble(f float64) any {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0 && math.Signbit(f):
		return "-0"
	}
	return f
}

func plainMap(v reflect.Value) (any, error) {
	type entry struct {
		key  string
		pair [2]any
	}
	entries := make([]entry, 0, v.Len())
	for iterator := v.MapRange(); iterator.Next(); {
		key, err := toPlain(iterator.Key())
		if err != nil {
			return nil, err
		}
		value, err := toPlain(iterator.Value())
		if err != nil {
			return nil, err
		}
		text, err := marshal(key)
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry{string(text), [2]any{key, value}})
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].key < entries[j].key })
	pairs := make([][2]any, len(entries))
	for i, each := range entries {
		pairs[i] = each.pair
	}
	return pairs, nil
}

func fromPlain(plain any, v reflect.Value) error {
	wrong := func() error { return fmt.Errorf("form: expected %s, got %v", v.Type(), plain) }
	switch v.Kind() {
	case reflect.Pointer:
		target := reflect.New(v.Type().Elem())
		if initial, ok := target.Interface().(interface{ InitDefault() }); ok {
			initial.InitDefault()
		}
		v.Set(target)
		return fromPlain(plain, target.Elem())
	case reflect.Bool:
		value, ok := plain.(bool)
		if !ok {
			return wrong()
		}
		v.SetBool(value)
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		value, err := strconv.ParseInt(fmt.Sprint(plain), 10, v.Type().Bits())
		if err != nil {
			return wrong()
		}
		v.SetInt(value)
	case reflect.Float64:
		value, err := strconv.ParseFloat(fmt.Sprint(plain), 64)
		if err != nil {
			return wrong()
		}
		v.SetFloat(value)
	case reflect.String:
		value, ok := plain.(string)
		if !ok {
			return wrong()
		}
		v.SetString(value)
	case reflect.Slice:
		if isBinary(v.Type()) {
			text, ok := plain.(string)
			if !ok {
				return wrong()
			}
			data, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return wrong()
			}
			v.SetBytes(data)
			return nil
		}
		items, ok := plain.([]any)
		if !ok {
			return wrong()
		}
		v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
		for i, item := range items {
			if err := fromPlain(item, v.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		return mapFromPlain(plain, v)
	case reflect.Struct:
		return structFromPlain(plain, v)
	default:
		return wrong()
	}
	return nil
}

func mapFromPlain(plain any, v reflect.Value) error {
	pairs, ok := plain.([]any)
	if !ok {
		return fmt.Errorf("form: expected an array of pairs for %s, got %v", v.Type(), plain)
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, each := range pairs {
		pair, ok := each.([]any)
		if !ok || len(pair) != 2 {
			return fmt.Errorf("form: expected [key, value] in %s, got %v", v.Type(), each)
		}
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		if err := fromPlain(pair[0], key); err != nil {
			return err
		}
		if err := fromPlain(pair[1], value); err != nil {
			return err
		}
		v.SetMapIndex(key, value)
	}
	return nil
}

func structFromPlain(plain any, v reflect.Value) error {
	fields, ok := plain.(map[string]any)
	if !ok {
		return fmt.Errorf("form: expected an object for %s, got %v", v.Type(), plain)
	}
	known := map[string]reflect.Value{}
	for i := range v.NumField() {
		known[fieldName(v.Type().Field(i))] = v.Field(i)
	}
	for name, value := range fields {
		field, ok := known[name]
		if !ok || name == "" {
			return fmt.Errorf("form: %s has no field %q", v.Type(), name)
		}
		if err := fromPlain(value, field); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
