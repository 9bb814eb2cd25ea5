package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/kitex/pkg/kerrors"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2/codes"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2/metadata"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2/status"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
	"github.com/cloudwego/kitex/pkg/streaming"

	"kiteline/interop/kitex/internal/items"
)

// behaviour is what the streaming services do, whatever carries their items.
type behaviour[T items.Generated] struct{ notes *interopHandler }

// errStop ends a stream as its handler's return does.
var errStop = errors.New("the stream ends here")

// answer does what an item says. `stream` is nil in a unary call.
func (b behaviour[T]) answer(ctx context.Context, stream streaming.ServerStream, item items.Item) (items.Item, error) {
	verb, argument, _ := strings.Cut(item.Text, ":")
	switch verb {
	case "business":
		return item, kerrors.NewBizStatusErrorWithExtra(1001, "not enough", map[string]string{"left": "3"})
	case "status":
		code, err := strconv.Atoi(argument)
		if err != nil {
			return item, err
		}
		return item, status.Err(codes.Code(code), "a status of "+argument)
	case "seen":
		item.Extra = seenBy(ctx)
	case "back":
		for key, value := range item.Extra {
			if !metainfo.SendBackwardValue(ctx, key, value) {
				return item, fmt.Errorf("backward value %q could not be sent", key)
			}
		}
	case "header":
		if err := setHeader(ctx, stream, item.Extra); err != nil {
			return item, err
		}
	case "trailer":
		if err := setTrailer(ctx, stream, item.Extra); err != nil {
			return item, err
		}
	case "stop":
		return item, errStop
	case "wait":
		<-ctx.Done()
		b.notes.add(argument, "noted")
		return item, ctx.Err()
	case "noted":
		if _, err := b.notes.Noted(ctx, argument); err != nil {
			return item, err
		}
		item.Text = "noted"
	default:
		if err := failure(verb); err != nil {
			return item, err
		}
	}
	item.Number++
	return item, nil
}

// A unary call over gRPC has a stream too, but only its context knows it.

func setHeader(ctx context.Context, stream streaming.ServerStream, header map[string]string) error {
	if stream == nil {
		return nphttp2.SetHeader(ctx, metadata.New(header))
	}
	return stream.SetHeader(header)
}

func setTrailer(ctx context.Context, stream streaming.ServerStream, trailer map[string]string) error {
	if stream == nil {
		return nphttp2.SetTrailer(ctx, metadata.New(trailer))
	}
	return stream.SetTrailer(trailer)
}

func seenBy(ctx context.Context) map[string]string {
	info := rpcinfo.GetRPCInfo(ctx)
	seen := map[string]string{
		"service": info.Invocation().ServiceName(), "method": info.Invocation().MethodName(), "caller": info.From().ServiceName(),
	}
	for key, value := range metainfo.GetAllPersistentValues(ctx) {
		seen["persistent "+key] = value
	}
	for key, value := range metainfo.GetAllValues(ctx) {
		seen["transient "+key] = value
	}
	if deadline, ok := ctx.Deadline(); ok {
		seen["leftMs"] = strconv.FormatInt(time.Until(deadline).Milliseconds(), 10)
	}
	return seen
}

func (b behaviour[T]) Once(ctx context.Context, item *T) (*T, error) {
	answer, err := b.answer(ctx, nil, items.From(item))
	if err != nil {
		return nil, err
	}
	return items.To[T](answer), nil
}

func (b behaviour[T]) collect(ctx context.Context, stream streaming.ClientStreamingServer[T, T]) error {
	var texts []string
	var sum int64
	for {
		received, err := stream.Recv(ctx)
		if err == nil {
			item := items.From(received)
			texts = append(texts, item.Text)
			sum += item.Number
			_, err = b.answer(ctx, stream, item)
		}
		if errors.Is(err, io.EOF) || err == errStop {
			return stream.SendAndClose(ctx, items.To[T](items.Item{Text: strings.Join(texts, " "), Number: sum}))
		}
		if err != nil {
			return err
		}
	}
}

func (b behaviour[T]) expand(ctx context.Context, request *T, stream streaming.ServerStreamingServer[T]) error {
	item := items.From(request)
	// What is said of the header has to be said before the first item.
	if strings.HasPrefix(item.Text, "header") {
		if _, err := b.answer(ctx, stream, item); err != nil {
			return err
		}
		item.Text = "after the header"
	}
	for number := range item.Number {
		if err := stream.Send(ctx, items.To[T](items.Item{Text: item.Text, Number: number})); err != nil {
			return err
		}
	}
	if _, err := b.answer(ctx, stream, item); err != errStop {
		return err
	}
	return nil
}

func (b behaviour[T]) chat(ctx context.Context, stream streaming.BidiStreamingServer[T, T]) error {
	for {
		received, err := stream.Recv(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		answer, err := b.answer(ctx, stream, items.From(received))
		if err == errStop {
			return nil
		}
		if err != nil {
			return err
		}
		if err := stream.Send(ctx, items.To[T](answer)); err != nil {
			return err
		}
	}
}
