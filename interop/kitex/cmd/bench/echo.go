package main

import (
	"context"
	"log"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/pkg/connpool"
	"github.com/cloudwego/kitex/server"
	"github.com/cloudwego/kitex/transport"

	api "kiteline/interop/kitex/kitex_gen/echo"
	"kiteline/interop/kitex/kitex_gen/echo/echo"
)

type handler struct{}

func (*handler) Echo(_ context.Context, req *api.Req) (*api.Resp, error) {
	return &api.Resp{Action: req.Action, Msg: req.Msg}, nil
}

func newServer(listener net.Listener, mux bool) server.Server {
	options := []server.Option{server.WithListener(listener)}
	if mux {
		options = append(options, server.WithMuxTransport())
	}
	return echo.NewServer(&handler{}, options...)
}

const action = "echo"

type caller struct {
	client echo.Client
	size   int
}

func newCaller(target string, mux bool, connections, size int) *caller {
	options := []client.Option{client.WithHostPorts(target)}
	if mux {
		options = append(options, client.WithTransportProtocol(transport.PurePayload), client.WithTransportProtocol(transport.TTHeader), client.WithMuxConnection(connections))
	} else {
		options = append(options, client.WithLongConnection(connpool.IdleConfig{MaxIdlePerAddress: 1000, MaxIdleGlobal: 1000, MaxIdleTimeout: time.Minute}))
	}
	return &caller{echo.MustNewClient("echo", options...), size}
}

type measurement struct {
	Calls     int     `json:"calls"`
	ElapsedMs float64 `json:"elapsedMs"`
	P50Ms     float64 `json:"p50Ms"`
	P99Ms     float64 `json:"p99Ms"`
	MaxMs     float64 `json:"maxMs"`
	usage
}

// closedLoop lets each of `callers` call again as soon as it has its answer.
func (c *caller) closedLoop(callers int, duration time.Duration) measurement {
	text := strings.Repeat("x", c.size-len(action))
	before := used()
	started := time.Now()
	stop := started.Add(duration)
	latencies := make([][]time.Duration, callers)
	var running sync.WaitGroup
	for i := range callers {
		running.Go(func() {
			for now := time.Now(); now.Before(stop); {
				got, err := c.client.Echo(context.Background(), &api.Req{Action: action, Msg: text})
				if err != nil {
					log.Fatal(err)
				}
				if len(got.Msg) != len(text) {
					log.Fatalf("bench: %d bytes came back instead of %d", len(got.Msg), len(text))
				}
				next := time.Now()
				latencies[i] = append(latencies[i], next.Sub(now))
				now = next
			}
		})
	}
	running.Wait()
	elapsed := time.Since(started)
	after := used()
	all := slices.Concat(latencies...)
	slices.Sort(all)
	return measurement{
		Calls: len(all), ElapsedMs: ms(elapsed), P50Ms: ms(at(all, 0.5)), P99Ms: ms(at(all, 0.99)), MaxMs: ms(all[len(all)-1]),
		usage: usage{CPUMs: after.CPUMs - before.CPUMs, AllocatedBytes: after.AllocatedBytes - before.AllocatedBytes},
	}
}

func at(sorted []time.Duration, share float64) time.Duration {
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

func ms(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }
