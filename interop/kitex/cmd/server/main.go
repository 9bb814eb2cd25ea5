// A real Kitex server for the tests: Echo, Interop, Other and the streaming services on one port. Prints one JSON line when it listens and one when it
// has stopped; SIGTERM makes it drain.
package main

import (
	"encoding/json"
	"flag"
	"io"
	"log"
	"net"
	"os"
	"time"

	"github.com/cloudwego/kitex/pkg/klog"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
	"github.com/cloudwego/kitex/pkg/transmeta"
	"github.com/cloudwego/kitex/server"

	"kiteline/interop/kitex/kitex_gen/echo/echo"
	"kiteline/interop/kitex/kitex_gen/interop/other"
	"kiteline/interop/kitex/kitex_gen/pb"
	"kiteline/interop/kitex/kitex_gen/pb/pbstreams"
	api "kiteline/interop/kitex/kitex_gen/streams"
	"kiteline/interop/kitex/kitex_gen/streams/streams"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to listen on")
	mux := flag.Bool("mux", false, "serve multiplexed clients (TTHeader only)")
	exitWait := flag.Int("exit-wait", 5000, "milliseconds that draining may take")
	verbose := flag.Bool("verbose", false, "let Kitex log to standard error")
	flag.Parse()
	klog.SetOutput(io.Discard)
	if *verbose {
		klog.SetOutput(os.Stderr)
	}

	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	options := []server.Option{
		server.WithListener(listener),
		server.WithServerBasicInfo(&rpcinfo.EndpointBasicInfo{ServiceName: "kitex.interop"}),
		server.WithExitWaitTime(time.Duration(*exitWait) * time.Millisecond),
		// Without it, business errors, deadlines and service names do not travel.
		server.WithMetaHandler(transmeta.ServerTTHeaderHandler),
		server.WithMetaHandler(transmeta.ServerHTTP2Handler),
		server.WithMetaHandler(headerRecorder{}),
		server.WithEnableContextTimeout(true),
		// The generated handlers of unary methods over gRPC expect arguments, not a stream.
		server.WithCompatibleMiddlewareForUnary(),
	}
	if *mux {
		options = append(options, server.WithMuxTransport())
	}
	svr := server.NewServer(options...)
	must(svr.RegisterService(echo.NewServiceInfo(), &echoHandler{}, server.WithFallbackService()))
	notes := newInteropHandler()
	must(svr.RegisterService(withoutRemoved(), notes))
	must(svr.RegisterService(other.NewServiceInfo(), &otherHandler{}))
	must(svr.RegisterService(streams.NewServiceInfo(), &thriftStreams{behaviour[api.Item]{notes}}))
	must(svr.RegisterService(pbstreams.NewServiceInfo(), &pbStreams{behaviour[pb.Item]{notes}}))
	say(map[string]any{"listening": listener.Addr().String()})
	err = svr.Run()
	say(map[string]any{"stopped": err == nil})
	must(err)
}

func say(line map[string]any) {
	must(json.NewEncoder(os.Stdout).Encode(line))
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
