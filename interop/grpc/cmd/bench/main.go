// grpc-go's side of the benchmarks, with the options that its own benchmarks change left at what users get.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"kiteline/interop/grpc/go_gen/bench"
	"kiteline/interop/measured"
)

// The largest messages measured are 1 MB, their envelope comes on top.
const maxMessageBytes = 8 << 20

func main() { measured.Main(measured.Peer{Serve: serve, Connect: connect}) }

func serve(listener net.Listener) error {
	server := grpc.NewServer(grpc.MaxRecvMsgSize(maxMessageBytes))
	bench.RegisterEchoServer(server, handler{})
	return server.Serve(listener)
}

type handler struct{ bench.UnimplementedEchoServer }

func (handler) Echo(_ context.Context, request *bench.Req) (*bench.Resp, error) {
	return &bench.Resp{Action: request.Action, Msg: request.Msg}, nil
}

func (handler) Repeat(request *bench.Req, stream grpc.ServerStreamingServer[bench.Resp]) error {
	for {
		if err := stream.Send(&bench.Resp{Action: request.Action, Msg: request.Msg}); err != nil {
			return err
		}
	}
}

func (handler) Blocks(request *bench.Req, stream grpc.ServerStreamingServer[bench.Block]) error {
	for content := []byte(request.Msg); ; {
		if err := stream.Send(&bench.Block{Content: content}); err != nil {
			return err
		}
	}
}

func (handler) Count(stream grpc.ClientStreamingServer[bench.Req, bench.Resp]) error {
	for messages := 0; ; messages++ {
		if _, err := stream.Recv(); errors.Is(err, io.EOF) {
			return stream.SendAndClose(&bench.Resp{Action: strconv.Itoa(messages)})
		} else if err != nil {
			return err
		}
	}
}

func (handler) Chat(stream grpc.BidiStreamingServer[bench.Req, bench.Resp]) error {
	for {
		request, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := stream.Send(&bench.Resp{Action: request.Action, Msg: request.Msg}); err != nil {
			return err
		}
	}
}

// caller takes its connections in turn.
type caller struct {
	clients []bench.EchoClient
	next    atomic.Uint32
	text    string
}

func connect(settings measured.Settings) (measured.Client, error) {
	made := &caller{text: strings.Repeat("x", settings.Bytes-len(measured.Action))}
	for range settings.Connections {
		connection, err := grpc.NewClient(settings.Target,
			grpc.WithTransportCredentials(insecure.NewCredentials()),
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessageBytes)))
		if err != nil {
			return measured.Client{}, err
		}
		made.clients = append(made.clients, bench.NewEchoClient(connection))
	}
	return measured.Client{Call: made.call, Download: made.download, Blocks: made.blocks, Upload: made.upload, Hold: made.hold}, nil
}

func (c *caller) client() bench.EchoClient {
	return c.clients[int(c.next.Add(1))%len(c.clients)]
}

func (c *caller) request() *bench.Req { return &bench.Req{Action: measured.Action, Msg: c.text} }

func (c *caller) check(length int) error {
	if length != len(c.text) {
		return fmt.Errorf("bench: %d bytes came back instead of %d", length, len(c.text))
	}
	return nil
}

func (c *caller) call() error {
	got, err := c.client().Echo(context.Background(), c.request())
	if err != nil {
		return err
	}
	return c.check(len(got.Msg))
}

func (c *caller) download(stop time.Time) (int, error) {
	ctx, cancel := context.WithDeadline(context.Background(), stop)
	defer cancel()
	stream, err := c.client().Repeat(ctx, c.request())
	if err != nil {
		return 0, err
	}
	return count(stream, func(got *bench.Resp) error { return c.check(len(got.Msg)) })
}

func (c *caller) blocks(stop time.Time) (int, error) {
	ctx, cancel := context.WithDeadline(context.Background(), stop)
	defer cancel()
	stream, err := c.client().Blocks(ctx, c.request())
	if err != nil {
		return 0, err
	}
	return count(stream, func(got *bench.Block) error { return c.check(len(got.Content)) })
}

// count reads until the deadline.
func count[T any](stream grpc.ServerStreamingClient[T], check func(*T) error) (int, error) {
	for messages := 0; ; messages++ {
		got, err := stream.Recv()
		if status.Code(err) == codes.DeadlineExceeded {
			return messages, nil
		} else if err != nil {
			return 0, err
		}
		if err := check(got); err != nil {
			return 0, err
		}
	}
}

func (c *caller) upload(stop time.Time) (int, error) {
	stream, err := c.client().Count(context.Background())
	if err != nil {
		return 0, err
	}
	// Looked at as often as the peers in Node look.
	for sent := 0; sent%8 != 0 || time.Now().Before(stop); sent++ {
		if err := stream.Send(c.request()); err != nil {
			return 0, err
		}
	}
	counted, err := stream.CloseAndRecv()
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(counted.Action)
}

func (c *caller) hold(streams int) error {
	for range streams {
		stream, err := c.client().Chat(context.Background())
		if err != nil {
			return err
		}
		if err := stream.Send(c.request()); err != nil {
			return err
		}
		if _, err := stream.Recv(); err != nil {
			return err
		}
	}
	return nil
}
