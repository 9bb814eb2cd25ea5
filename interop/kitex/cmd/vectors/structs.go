package main

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"

	"github.com/cloudwego/gopkg/protocol/thrift"

	"kiteline/interop/kitex/internal/form"
	"kiteline/interop/kitex/kitex_gen/echo"
	api "kiteline/interop/kitex/kitex_gen/interop"
)

// structVector is one struct without a message around it.
type structVector struct {
	Name  string          `json:"name"`
	Type  string          `json:"type"`
	Hex   string          `json:"hex"`
	Value json.RawMessage `json:"value"`
}

func structVectors() []structVector {
	values := []struct {
		name  string
		value thrift.FastCodec
	}{
		{"empty strings", &echo.Req{}},
		{"ASCII", &echo.Req{Action: "get", Msg: "hello"}},
		{"two, three and four bytes a character", &echo.Req{Action: "é ж", Msg: "漢字 😀 \u0000 end"}},
		{"a long string", &echo.Req{Action: "long", Msg: strings.Repeat("abcdefghij", 40)}},
		{"a long string that is not ASCII", &echo.Req{Action: "long", Msg: strings.Repeat("grüße ", 60)}},
		{"no optional field", &api.Inner{Id: -1}},
		{"an empty optional string", &api.Inner{Name: ptr("")}},
		{"three deep", &api.Inner{Id: 1, Next: &api.Inner{Id: 2, Name: ptr("two"), Next: &api.Inner{Id: 3}}}},
		{"text", &api.Choice{Text: ptr("t")}},
		{"number", &api.Choice{Number: ptr(int64(math.MinInt64))}},
		{"struct", &api.Choice{Inner: &api.Inner{Id: 5}}},
		{"exception", &api.NotFound{Key: "k", Code: -404}},
		{"exception with a list", &api.Denied{Reason: "r", Roles: []string{"a", "b"}}},
		{"maps, and an optional field that is unset", &api.Seen{Service: "s", Persistent: map[string]string{"k": "v"}, Integers: map[int32]string{-1: "x"}}},
		{"defaults", with(func(*api.Kinds) {})},
		{"smallest", with(smallest)},
		{"largest", with(largest)},
		{"not a number", with(func(k *api.Kinds) {
			k.Real, k.MaybeReal = math.Float64frombits(0x7ff8000000000000), ptr(math.Copysign(0, -1))
		})},
		{"infinities", with(func(k *api.Kinds) {
			k.Real, k.Cube = math.Inf(1), [][][]float64{{{math.Inf(-1), math.Copysign(0, -1)}, {}}, {}}
		})},
		{"every container", with(containers)},
		{"every optional field", with(optionals)},
		{"maps of three", with(func(k *api.Kinds) { k.Totals = map[string]int64{"a": 1, "b": 2, "c": 3} })},
		{"an unknown number in an enum", with(func(k *api.Kinds) { k.Color = -7 })},
	}
	vectors := make([]structVector, len(values))
	for i, each := range values {
		vectors[i] = structVector{
			Name:  each.name,
			Type:  reflect.TypeOf(each.value).Elem().Name(),
			Hex:   stable(func() []byte { return thrift.FastMarshal(each.value) }),
			Value: written(each.value),
		}
	}
	return vectors
}

// written is what a reader of the bytes finds, which is not always what was given: Kitex writes a missing struct as an empty one.
func written(value thrift.FastCodec) json.RawMessage {
	again := reflect.New(reflect.TypeOf(value).Elem()).Interface().(thrift.FastCodec)
	if initial, ok := again.(interface{ InitDefault() }); ok {
		initial.InitDefault()
	}
	must(thrift.FastUnmarshal(thrift.FastMarshal(value), again))
	held, err := form.Encode(again)
	must(err)
	return held
}

func ptr[T any](value T) *T { return &value }

func with(change func(*api.Kinds)) *api.Kinds {
	kinds := api.NewKinds()
	kinds.Must = "m"
	kinds.Choice = &api.Choice{Text: ptr("")}
	change(kinds)
	return kinds
}

func smallest(k *api.Kinds) {
	k.Small, k.Medium, k.Normal, k.Large = math.MinInt8, math.MinInt16, math.MinInt32, math.MinInt64
	k.Real, k.Moment = math.SmallestNonzeroFloat64, -1
}

func largest(k *api.Kinds) {
	k.Flag, k.Small, k.Medium, k.Normal, k.Large = true, math.MaxInt8, math.MaxInt16, math.MaxInt32, math.MaxInt64
	// The first integer that a double cannot tell from its neighbour.
	k.Real, k.Color, k.Moment = math.MaxFloat64, api.Color_FAR, 1<<53+1
	k.Text = strings.Repeat("x", 300)
	k.Bytes = everyByte()
}

// everyByte is not UTF-8, so a codec that takes binary for text shows.
func everyByte() []byte {
	bytes := make([]byte, 256)
	for i := range bytes {
		bytes[i] = byte(i)
	}
	return bytes
}

func containers(k *api.Kinds) {
	k.Numbers = []int32{0, -1, math.MaxInt32}
	k.Words = []string{"b", "a", ""}
	k.Totals = map[string]int64{"": -1}
	k.Inners = []*api.Inner{{Id: 1}, {Id: 2, Name: ptr("n")}}
	k.Lists = map[int32][]string{-5: {"x", "y"}}
	k.Nested = []map[int64][]int16{{math.MaxInt64: {1, 2, 3}}, {}}
	k.Cube = [][][]float64{{{1.5, -2.25}, {}}, {}, {{0.1}}}
	k.Flags = []bool{true, false, true}
	k.Blobs = [][]byte{{}, {0xff}, everyByte()}
	k.ByColor = map[api.Color]*api.Inner{api.Color_GREEN: {Id: 7, Next: &api.Inner{Id: 8}}}
	k.Choice = &api.Choice{Inner: &api.Inner{Id: 9}}
}

func optionals(k *api.Kinds) {
	k.Negative, k.Last = ptr("below zero"), ptr("at the end")
	k.MaybeFlag, k.MaybeSmall, k.MaybeMedium, k.MaybeNormal = ptr(false), ptr(int8(0)), ptr(int16(-1)), ptr(int32(0))
	k.MaybeLarge, k.MaybeReal, k.MaybeText, k.MaybeBytes = ptr(int64(0)), ptr(0.0), ptr(""), []byte{}
	k.MaybeColor, k.MaybeList, k.MaybeMap = ptr(api.Color_RED), []string{}, map[string]string{}
	k.PresetNumber, k.Preset = 8, ""
}
