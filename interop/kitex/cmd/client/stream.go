package main

import (
	"context"
	"errors"
	"io"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2/metadata"
	"github.com/cloudwego/kitex/pkg/streaming"

	"kiteline/interop/kitex/internal/items"
	"kiteline/interop/kitex/kitex_gen/pb"
	"kiteline/interop/kitex/kitex_gen/pb/pbstreams"
	api "kiteline/interop/kitex/kitex_gen/streams"
)

// streamOrder asks for one stream of the services Streams and PbStreams.
type streamOrder struct {
	Send []items.Item `json:"send"`
	// Repeat sends the items so many times, once when it is 0; each time the number grows by one.
	Repeat int64 `json:"repeat"`
	// InTurns receives one item after each that is sent; otherwise both go on at the same time.
	InTurns bool `json:"inTurns"`
	// CancelAfter gives up once so many items have been received.
	CancelAfter *int `json:"cancelAfter"`
}

// streamResult is what came of it besides an error or a business error.
type streamResult struct {
	Received []items.Item      `json:"received"`
	Header   map[string]string `json:"header,omitempty"`
	Trailer  map[string]string `json:"trailer,omitempty"`
}

func runStream(chosen client.Client, order command) answer {
	switch {
	case order.Method == "once" || order.Method == "Once":
		return once(chosen, order)
	case order.Service == "PbStreams":
		return streamOf[pb.Item](chosen, order)
	default:
		return streamOf[api.Item](chosen, order)
	}
}

// once calls the method that streams nothing; its answer is what was received.
func once(chosen client.Client, order command) answer {
	var header, trailer metadata.MD
	ctx := nphttp2.GRPCTrailer(nphttp2.GRPCHeader(unaryContext(order), &header), &trailer)
	args, result := any(&api.StreamsOnceArgs{Item: items.To[api.Item](order.Stream.Send[0])}), any(&api.StreamsOnceResult{})
	if order.Service == "PbStreams" {
		args, result = &pbstreams.OnceArgs{Req: items.To[pb.Item](order.Stream.Send[0])}, &pbstreams.OnceResult{}
	}
	err := chosen.Call(ctx, order.Method, args, result)
	made := failed(err)
	made.Backward = metainfo.RecvAllBackwardValues(ctx)
	made.Stream = &streamResult{Received: []items.Item{}, Header: firstOf(header), Trailer: firstOf(trailer)}
	if err != nil {
		return made
	}
	switch result := result.(type) {
	case *api.StreamsOnceResult:
		made.Stream.Received = append(made.Stream.Received, items.From(result.Success))
	case *pbstreams.OnceResult:
		made.Stream.Received = append(made.Stream.Received, items.From(result.Success))
	}
	return made
}

// firstOf keeps the first value of each name, as the streams' own headers do.
func firstOf(from metadata.MD) map[string]string {
	values := map[string]string{}
	for name, each := range from {
		values[name] = each[0]
	}
	return values
}

func streamOf[T items.Generated](chosen client.Client, order command) answer {
	ctx, cancel := context.WithCancel(contextOf(order))
	defer cancel()
	if order.TimeoutMs > 0 {
		var done context.CancelFunc
		ctx, done = context.WithTimeout(ctx, order.timeout())
		defer done()
	}
	stream, err := chosen.(client.Streaming).StreamX(ctx, order.Method)
	if err != nil {
		return answer{Error: describe(err)}
	}
	result := &streamResult{Received: []items.Item{}}
	err = converse[T](ctx, cancel, stream, order, result)
	if header, headerErr := stream.Header(); headerErr == nil {
		result.Header = header
	}
	if trailer, trailerErr := stream.Trailer(); trailerErr == nil {
		result.Trailer = trailer
	}
	made := failed(err)
	made.Stream = result
	return made
}

// converse returns what ended the stream, nil when it was its end.
func converse[T items.Generated](ctx context.Context, cancel func(), stream streaming.ClientStream, order command, result *streamResult) error {
	receive := func() error {
		if after := order.Stream.CancelAfter; after != nil && *after == len(result.Received) {
			cancel()
		}
		message := new(T)
		if err := stream.RecvMsg(ctx, message); err != nil {
			return err
		}
		result.Received = append(result.Received, items.From(message))
		return nil
	}
	send := func(between func() error) error {
		for turn := range max(order.Stream.Repeat, 1) {
			for _, item := range order.Stream.Send {
				item.Number += turn
				if err := stream.SendMsg(ctx, items.To[T](item)); err != nil {
					return err
				}
				if err := between(); err != nil {
					return err
				}
			}
		}
		return stream.CloseSend(ctx)
	}
	if order.Stream.InTurns {
		if err := send(receive); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	} else {
		// Why it could not send is said by what it receives.
		go func() { _ = send(func() error { return nil }) }()
	}
	for {
		if err := receive(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if order.Method == "collect" || order.Method == "Collect" {
			return nil
		}
	}
}
