// Kitex's side of the benchmarks. It is given its best: framed and no meta handlers where the connection is pooled, TTHeader only
// where multiplexing needs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/pkg/connpool"
	"github.com/cloudwego/kitex/pkg/klog"
	"github.com/cloudwego/kitex/server"
	"github.com/cloudwego/kitex/transport"

	api "kiteline/interop/kitex/kitex_gen/echo"
	"kiteline/interop/kitex/kitex_gen/echo/echo"
	"kiteline/interop/measured"
)

var connection = flag.String("connection", "pooled", "pooled or mux")

var errConnection = errors.New("bench: -connection is pooled or mux")

func main() {
	klog.SetOutput(io.Discard)
	measured.Main(measured.Peer{Serve: serve, Connect: connect})
}

type handler struct{}

func (*handler) Echo(_ context.Context, req *api.Req) (*api.Resp, error) {
	return &api.Resp{Action: req.Action, Msg: req.Msg}, nil
}

func serve(listener net.Listener) error {
	options := []server.Option{server.WithListener(listener)}
	switch *connection {
	case "mux":
		options = append(options, server.WithMuxTransport())
	case "pooled":
	default:
		return errConnection
	}
	return echo.NewServer(&handler{}, options...).Run()
}

func connect(settings measured.Settings) (measured.Client, error) {
	options := []client.Option{client.WithHostPorts(settings.Target)}
	switch *connection {
	case "mux":
		options = append(options, client.WithTransportProtocol(transport.PurePayload), client.WithTransportProtocol(transport.TTHeader), client.WithMuxConnection(settings.Connections))
	case "pooled":
		options = append(options, client.WithLongConnection(connpool.IdleConfig{MaxIdlePerAddress: 1000, MaxIdleGlobal: 1000, MaxIdleTimeout: time.Minute}))
	default:
		return measured.Client{}, errConnection
	}
	caller, err := echo.NewClient("echo", options...)
	if err != nil {
		return measured.Client{}, err
	}
	text := strings.Repeat("x", settings.Bytes-len(measured.Action))
	call := func() error {
		got, err := caller.Echo(context.Background(), &api.Req{Action: measured.Action, Msg: text})
		if err == nil && len(got.Msg) != len(text) {
			return fmt.Errorf("bench: %d bytes came back instead of %d", len(got.Msg), len(text))
		}
		return err
	}
	return measured.Client{Call: call}, nil
}
