// Package items is the one message of the streaming services, whichever generated type carries it.
package items

import (
	"kiteline/interop/kitex/kitex_gen/pb"
	"kiteline/interop/kitex/kitex_gen/streams"
)

// Item as the commands and answers of cmd/client hold it.
type Item struct {
	Text   string            `json:"text"`
	Number int64             `json:"number"`
	Extra  map[string]string `json:"extra,omitempty"`
}

// Generated is the same message in Thrift's and in Protobuf's code.
type Generated interface{ streams.Item | pb.Item }

// From reads a generated message.
func From[T Generated](from *T) Item { return Item(*from) }

// To makes a generated message.
func To[T Generated](item Item) *T {
	made := T(item)
	return &made
}
