package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/gopkg/protocol/ttheader"
	"github.com/cloudwego/kitex/pkg/kerrors"
	"github.com/cloudwego/kitex/pkg/remote"
	"github.com/cloudwego/kitex/pkg/remote/codec"
	"github.com/cloudwego/kitex/pkg/remote/codec/protobuf"
	"github.com/cloudwego/kitex/pkg/remote/codec/thrift"
	"github.com/cloudwego/kitex/pkg/remote/trans/netpollmux"
	keys "github.com/cloudwego/kitex/pkg/remote/transmeta"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
	"github.com/cloudwego/kitex/pkg/serviceinfo"
	"github.com/cloudwego/kitex/pkg/transmeta"
	"github.com/cloudwego/kitex/transport"

	"kiteline/interop/kitex/internal/form"
	"kiteline/interop/kitex/kitex_gen/echo"
	api "kiteline/interop/kitex/kitex_gen/interop"
)

// messageVector is one message as it stands on a connection.
type messageVector struct {
	Name     string `json:"name"`
	Protocol string `json:"protocol"`
	Hex      string `json:"hex"`
	// Type is Thrift's number of the message type.
	Type      int             `json:"type"`
	Service   string          `json:"service"`
	Method    string          `json:"method"`
	SeqID     int32           `json:"seqId"`
	Body      json.RawMessage `json:"body,omitempty"`
	Exception *exception      `json:"exception,omitempty"`
	// Header is absent where there is no TTHeader.
	Header *header `json:"header,omitempty"`
}

type exception struct {
	Type    int32  `json:"type"`
	Message string `json:"message"`
}

type header struct {
	Flags    int               `json:"flags"`
	SeqID    int32             `json:"seqId"`
	Strings  map[string]string `json:"strings"`
	Integers map[uint16]string `json:"integers"`
}

var protocols = []struct {
	name     string
	protocol transport.Protocol
}{
	{"buffered", transport.PurePayload},
	{"framed", transport.Framed},
	{"ttheader", transport.TTHeader},
	{"ttheader_framed", transport.TTHeaderFramed},
}

// sketch is what is said about a message before a protocol is chosen for it.
type sketch struct {
	name     string
	kind     remote.MessageType
	service  string
	method   string
	seqID    int32
	body     any
	business kerrors.BizStatusErrorIface
	meta     map[string]string
	backward map[string]string
	timeout  time.Duration
	closing  bool
	mux      bool
	protobuf bool
}

func messageVectors() []messageVector {
	inner := &api.Inner{Id: 3}
	sketches := []sketch{
		{name: "call", kind: remote.Call, service: "Echo", method: "echo", seqID: 1, body: &echo.EchoEchoArgs{Req: &echo.Req{Action: "hi", Msg: "there"}}},
		{name: "call with the largest sequence id", kind: remote.Call, service: "Echo", method: "echo", seqID: 1<<31 - 1, body: &echo.EchoEchoArgs{Req: &echo.Req{}}},
		{name: "call with a negative sequence id", kind: remote.Call, service: "Echo", method: "echo", seqID: -2, body: &echo.EchoEchoArgs{Req: &echo.Req{}}},
		{name: "reply", kind: remote.Reply, service: "Echo", method: "echo", seqID: 1, body: &echo.EchoEchoResult{Success: &echo.Resp{Action: "hi", Msg: "there"}}},
		{name: "oneway", kind: remote.Oneway, service: "Interop", method: "note", seqID: 2, body: &api.InteropNoteArgs{Key: "k", Text: "t"}},
		{name: "call without arguments", kind: remote.Call, service: "Interop", method: "nothing", seqID: 3, body: &api.InteropNothingArgs{}},
		{name: "reply of void", kind: remote.Reply, service: "Interop", method: "nothing", seqID: 3, body: &api.InteropNothingResult{}},
		{name: "call with several arguments", kind: remote.Call, service: "Interop", method: "join", seqID: 4, body: &api.InteropJoinArgs{A: "a", B: -1, C: true, D: []string{"x"}, E: inner}},
		{name: "reply of a string", kind: remote.Reply, service: "Interop", method: "join", seqID: 4, body: &api.InteropJoinResult{Success: ptr("s")}},
		{name: "reply of a list", kind: remote.Reply, service: "Interop", method: "noted", seqID: 5, body: &api.InteropNotedResult{Success: []string{"a", "b"}}},
		{name: "reply of binary", kind: remote.Reply, service: "Interop", method: "body", seqID: 5, body: &api.InteropBodyResult{Success: everyByte()}},
		{name: "first declared exception", kind: remote.Reply, service: "Interop", method: "fail", seqID: 6, body: &api.InteropFailResult{NotFound: &api.NotFound{Key: "k", Code: 404}}},
		{name: "second declared exception", kind: remote.Reply, service: "Interop", method: "fail", seqID: 6, body: &api.InteropFailResult{Denied: &api.Denied{Reason: "r"}}},
		{name: "exception of a method that returns nothing", kind: remote.Reply, service: "Interop", method: "failQuietly", seqID: 6, body: &api.InteropFailQuietlyResult{NotFound: &api.NotFound{}}},
		{name: "unknown method", kind: remote.Exception, service: "Interop", method: "removed", seqID: 7, body: remote.NewTransErrorWithMsg(remote.UnknownMethod, "unknown method removed (service Interop)")},
		{name: "unknown service", kind: remote.Exception, service: "Missing", method: "anything", seqID: 7, body: remote.NewTransErrorWithMsg(remote.UnknownService, "unknown service Missing, method anything")},
		{name: "handler's error", kind: remote.Exception, service: "Interop", method: "fail", seqID: 8, body: remote.NewTransError(remote.InternalError, kerrors.ErrBiz.WithCause(errors.New("the handler failed")))},
		{name: "exception with sequence id 0", kind: remote.Exception, service: "Interop", method: "fail", seqID: 0, body: remote.NewTransErrorWithMsg(remote.ProtocolError, "")},
	}
	headerOnly := []sketch{
		{name: "call with a deadline", kind: remote.Call, service: "Echo", method: "echo", seqID: 11, body: &echo.EchoEchoArgs{Req: &echo.Req{}}, timeout: 1500 * time.Millisecond},
		{name: "call with metadata", kind: remote.Call, service: "Echo", method: "echo", seqID: 12, body: &echo.EchoEchoArgs{Req: &echo.Req{}},
			meta: map[string]string{"RPC_PERSIST_User": "7", "RPC_TRANSIT_Hop": "é 漢"}},
		{name: "call with an access token", kind: remote.Call, service: "Echo", method: "echo", seqID: 13, body: &echo.EchoEchoArgs{Req: &echo.Req{}},
			meta: map[string]string{ttheader.GDPRToken: "token"}},
		{name: "multiplexed call", kind: remote.Call, service: "Echo", method: "echo", seqID: 14, body: &echo.EchoEchoArgs{Req: &echo.Req{}}, mux: true},
		{name: "reply with backward metadata", kind: remote.Reply, service: "Echo", method: "echo", seqID: 15, body: &echo.EchoEchoResult{Success: &echo.Resp{}},
			backward: map[string]string{"Back": "v", "Empty": ""}},
		{name: "business error", kind: remote.Reply, service: "Interop", method: "business", seqID: 16, body: &api.InteropBusinessResult{},
			business: kerrors.NewBizStatusError(1001, "not enough")},
		{name: "business error with extra", kind: remote.Reply, service: "Interop", method: "business", seqID: 17, body: &api.InteropBusinessResult{},
			business: kerrors.NewBizStatusErrorWithExtra(-5, "quote \" é", map[string]string{"left": "3"})},
		{name: "reply of a server that shuts down", kind: remote.Reply, service: "Echo", method: "echo", seqID: 18, body: &echo.EchoEchoResult{Success: &echo.Resp{}}, closing: true},
	}
	vectors := []messageVector{}
	for _, protocol := range protocols {
		all := sketches
		if protocol.protocol&transport.TTHeader != 0 {
			all = append(all[:len(all):len(all)], headerOnly...)
		}
		for _, each := range all {
			vectors = append(vectors, makeMessage(each, protocol.name, protocol.protocol))
		}
	}
	return append(vectors, controlFrame())
}

func makeMessage(s sketch, name string, protocol transport.Protocol) messageVector {
	made := messageVector{Name: s.name, Protocol: name, Service: s.service, Method: s.method, SeqID: s.seqID, Type: int(s.kind)}
	if failed, ok := s.body.(*remote.TransError); ok {
		made.Exception = &exception{failed.TypeID(), failed.Error()}
	} else if s.protobuf {
		made.Body = itemOf(s.body)
	} else {
		body, err := form.Encode(s.body)
		must(err)
		made.Body = body
	}
	var last remote.Message
	made.Hex = stable(func() []byte {
		last = prepare(s, protocol)
		return encode(last)
	})
	if protocol&transport.TTHeader != 0 {
		made.Header = headerOf(last, s)
	}
	return made
}

// prepare does what Kitex's client and server do with a message before its codec gets it, with their own meta handlers.
func prepare(s sketch, protocol transport.Protocol) remote.Message {
	invocation := rpcinfo.NewInvocation(s.service, s.method)
	invocation.SetSeqID(s.seqID)
	config := rpcinfo.NewRPCConfig()
	mutable := rpcinfo.AsMutableRPCConfig(config)
	must(mutable.SetTransportProtocol(transport.PurePayload))
	must(mutable.SetTransportProtocol(protocol))
	mutable.SetPayloadCodec(serviceinfo.Thrift)
	payload := thrift.NewThriftCodec()
	if s.protobuf {
		mutable.SetPayloadCodec(serviceinfo.Protobuf)
		payload = protobuf.NewProtobufCodec()
	}
	if s.timeout != 0 {
		must(mutable.SetRPCTimeout(s.timeout))
		mutable.LockConfig(rpcinfo.BitRPCTimeout)
	}
	from := rpcinfo.NewEndpointInfo("kitex.client", "caller", nil, nil)
	to := rpcinfo.NewEndpointInfo("kitex.server", s.method, nil, map[string]string{})
	if s.closing {
		to = rpcinfo.NewEndpointInfo("kitex.server", s.method, nil, map[string]string{rpcinfo.ConnResetTag: "1"})
	}
	if s.business != nil {
		invocation.SetBizStatusErr(s.business)
	}
	info := rpcinfo.NewRPCInfo(from, to, invocation, config, rpcinfo.NewRPCStats())
	role, handlers := remote.Client, []remote.MetaHandler{transmeta.MetainfoClientHandler, transmeta.ClientTTHeaderHandler}
	if s.kind != remote.Call && s.kind != remote.Oneway {
		role, handlers = remote.Server, []remote.MetaHandler{transmeta.MetainfoServerHandler, transmeta.ServerTTHeaderHandler}
	}
	message := remote.NewMessage(s.body, info, s.kind, role)
	message.SetPayloadCodec(payload)
	if s.mux {
		message.Tags()[codec.HeaderFlagsKey] = codec.HeaderFlagSupportOutOfOrder
	}
	ctx := metainfo.WithBackwardValuesToSend(metainfo.SetMetaInfoFromMap(context.Background(), s.meta))
	for key, value := range s.backward {
		metainfo.SendBackwardValue(ctx, key, value)
	}
	for _, handler := range handlers {
		var err error
		ctx, err = handler.WriteMeta(ctx, message)
		must(err)
	}
	return message
}

func encode(message remote.Message) []byte {
	out := remote.NewWriterBuffer(1024)
	must(codec.NewDefaultCodec().Encode(context.Background(), message, out))
	bytes, err := out.Bytes()
	must(err)
	return append([]byte(nil), bytes...)
}

func headerOf(message remote.Message, s sketch) *header {
	made := &header{SeqID: s.seqID, Strings: map[string]string{}, Integers: message.TransInfo().TransIntInfo()}
	for key, value := range message.TransInfo().TransStrInfo() {
		made.Strings[key] = value
	}
	if s.mux {
		made.Flags = int(ttheader.HeaderFlagSupportOutOfOrder)
	}
	return made
}

// controlFrame is what a multiplexing server that shuts down says on every connection.
func controlFrame() messageVector {
	s := sketch{kind: remote.Reply, service: "none", method: "none"}
	made := func() remote.Message {
		invocation := rpcinfo.NewInvocation("none", "none")
		invocation.SetSeqID(0)
		info := rpcinfo.NewRPCInfo(nil, nil, invocation, rpcinfo.NewRPCConfig(), nil)
		config := rpcinfo.AsMutableRPCConfig(info.Config())
		must(config.SetTransportProtocol(transport.TTHeader))
		config.SetPayloadCodec(serviceinfo.Thrift)
		message := remote.NewMessage(netpollmux.NewControlFrame(), info, remote.Reply, remote.Server)
		message.SetPayloadCodec(thrift.NewThriftCodec())
		message.TransInfo().TransStrInfo()[keys.HeaderConnectionReadyToReset] = "1"
		return message
	}
	return messageVector{
		Name: "control frame", Protocol: "ttheader", Type: int(remote.Reply), Service: "none", Method: "none",
		Hex:    stable(func() []byte { return encode(made()) }),
		Body:   json.RawMessage("{}"),
		Header: headerOf(made(), s),
	}
}
