package main

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/cloudwego/kitex/pkg/kerrors"
	"github.com/cloudwego/kitex/pkg/remote"
	"github.com/cloudwego/kitex/transport"

	"kiteline/interop/kitex/internal/items"
	"kiteline/interop/kitex/kitex_gen/pb"
	"kiteline/interop/kitex/kitex_gen/pb/pbstreams"
)

// protobufVectors are messages of Kitex Protobuf, which is always framed.
func protobufVectors() []messageVector {
	call := func(item pb.Item) any { return &pbstreams.OnceArgs{Req: &item} }
	reply := func(item pb.Item) any { return &pbstreams.OnceResult{Success: &item} }
	sketches := []sketch{
		{name: "call", kind: remote.Call, seqID: 1, body: call(pb.Item{Text: "hi", Number: 7})},
		{name: "call with an empty message", kind: remote.Call, seqID: 1<<31 - 1, body: call(pb.Item{})},
		{name: "call with text that is not ASCII and a map", kind: remote.Call, seqID: 2, body: call(pb.Item{Text: "é 漢 😀", Number: -1, Extra: map[string]string{"k": "v", "": ""}})},
		{name: "call with a long text", kind: remote.Call, seqID: 2, body: call(pb.Item{Text: strings.Repeat("abcdefghij", 40)})},
		{name: "call with a negative sequence id", kind: remote.Call, seqID: -2, body: call(pb.Item{Number: 1 << 40})},
		{name: "reply", kind: remote.Reply, seqID: 1, body: reply(pb.Item{Text: "hi", Number: 8})},
		{name: "reply with an empty message", kind: remote.Reply, seqID: 1, body: reply(pb.Item{})},
		{name: "handler's error", kind: remote.Exception, seqID: 3, body: remote.NewTransError(remote.InternalError, kerrors.ErrBiz.WithCause(errors.New("the handler failed")))},
		{name: "unknown method", kind: remote.Exception, seqID: 3, body: remote.NewTransErrorWithMsg(remote.UnknownMethod, "unknown method Removed (service PbStreams)")},
	}
	headerOnly := []sketch{
		{name: "call with metadata and a timeout", kind: remote.Call, seqID: 4, body: call(pb.Item{}), timeout: 100 * time.Millisecond,
			meta: map[string]string{"RPC_PERSIST_User": "7", "RPC_TRANSIT_Hop": "h"}},
		{name: "reply with metadata", kind: remote.Reply, seqID: 4, body: reply(pb.Item{}), backward: map[string]string{"Back": "v"}},
		{name: "business error", kind: remote.Reply, seqID: 5, body: &pbstreams.OnceResult{},
			business: kerrors.NewBizStatusErrorWithExtra(1001, "not enough", map[string]string{"left": "3"})},
	}
	vectors := []messageVector{}
	for _, protocol := range protocols[1:] {
		all := sketches
		switch protocol.protocol {
		case transport.TTHeader:
			continue
		case transport.TTHeaderFramed:
			all = append(all[:len(all):len(all)], headerOnly...)
		}
		for _, each := range all {
			each.service, each.method, each.protobuf = "PbStreams", "Once", true
			vectors = append(vectors, makeMessage(each, protocol.name, protocol.protocol))
		}
	}
	return vectors
}

// itemOf is the message within, or null where there is none.
func itemOf(body any) json.RawMessage {
	var item *pb.Item
	switch body := body.(type) {
	case *pbstreams.OnceArgs:
		item = body.Req
	case *pbstreams.OnceResult:
		item = body.Success
	}
	if item == nil {
		return json.RawMessage("null")
	}
	encoded, err := json.Marshal(items.From(item))
	must(err)
	return encoded
}
