// A real Kitex client that a test drives: one process is one client configuration, each line on standard input one command,
// each line on standard output its answer (see command and answer). Commands run concurrently; it ends with standard input.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"sync"
	"time"

	"github.com/bytedance/gopkg/util/logger"
	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/pkg/connpool"
	"github.com/cloudwego/kitex/pkg/klog"
	"github.com/cloudwego/kitex/pkg/loadbalance"
	"github.com/cloudwego/kitex/pkg/loadbalance/lbcache"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
	"github.com/cloudwego/kitex/pkg/serviceinfo"
	"github.com/cloudwego/kitex/pkg/transmeta"
	"github.com/cloudwego/kitex/transport"

	"kiteline/interop/kitex/kitex_gen/echo/echo"
	"kiteline/interop/kitex/kitex_gen/interop/interop"
	"kiteline/interop/kitex/kitex_gen/interop/missing"
	"kiteline/interop/kitex/kitex_gen/interop/other"
	"kiteline/interop/kitex/kitex_gen/pb/pbstreams"
	"kiteline/interop/kitex/kitex_gen/streams/streams"
)

// A line may hold a large body in base64.
const maxLineBytes = 256 << 20

var protocols = map[string]transport.Protocol{
	"buffered":        transport.PurePayload,
	"framed":          transport.Framed,
	"ttheader":        transport.TTHeader,
	"ttheader_framed": transport.TTHeaderFramed,
	// Streams in TTHeader frames, everything else in TTHeader.
	"ttheader_streaming": transport.TTHeader | transport.TTHeaderStreaming,
	"grpc":               transport.GRPC,
}

var services = map[string]*serviceinfo.ServiceInfo{
	"Echo":      echo.NewServiceInfoForClient(),
	"Interop":   interop.NewServiceInfoForClient(),
	"Other":     other.NewServiceInfoForClient(),
	"Missing":   missing.NewServiceInfoForClient(),
	"Streams":   streams.NewServiceInfo(),
	"PbStreams": pbstreams.NewServiceInfo(),
}

func main() {
	target := flag.String("target", "", "HOST:PORT, or several with commas, each with @WEIGHT if not 10")
	protocol := flag.String("protocol", "ttheader", "framed, buffered, ttheader, ttheader_framed, ttheader_streaming or grpc")
	connection := flag.String("connection", "pooled", "pooled, mux or short")
	connections := flag.Int("connections", 1, "connections of a multiplexed client")
	plain := flag.Bool("plain", false, "without the TTHeader meta handler, as Kitex clients are by default")
	verbose := flag.Bool("verbose", false, "let Kitex log to standard error")
	flag.Parse()
	klog.SetOutput(io.Discard)
	if *verbose {
		klog.SetOutput(os.Stderr)
	} else {
		logger.SetLevel(logger.LevelFatal)
	}

	instances, err := parseInstances(*target)
	if err != nil {
		log.Fatal(err)
	}
	var named names
	named.instances.Store(&instances)
	chosen, ok := protocols[*protocol]
	if !ok {
		log.Fatalf("unknown protocol %q", *protocol)
	}
	options := []client.Option{
		client.WithResolver(named.resolver()),
		client.WithLoadBalancer(loadbalance.NewWeightedBalancer(), &lbcache.Options{RefreshInterval: refreshInterval}),
		client.WithDestService("kiteline.interop"),
		client.WithClientBasicInfo(&rpcinfo.EndpointBasicInfo{ServiceName: "kitex.client"}),
		// Choosing a protocol adds to the default, which is framed; buffered takes everything away.
		client.WithTransportProtocol(transport.PurePayload),
		client.WithTransportProtocol(chosen),
		client.WithConnectTimeout(time.Second),
	}
	if !*plain {
		options = append(options, client.WithMetaHandler(transmeta.ClientTTHeaderHandler), client.WithMetaHandler(transmeta.ClientHTTP2Handler))
	}
	switch *connection {
	case "pooled":
		options = append(options, client.WithLongConnection(connpool.IdleConfig{MaxIdlePerAddress: 100, MaxIdleGlobal: 1000, MaxIdleTimeout: time.Minute}))
	case "mux":
		options = append(options, client.WithMuxConnection(*connections))
	case "short":
		options = append(options, client.WithShortConnection())
	default:
		log.Fatalf("unknown connection %q", *connection)
	}
	clients := map[string]client.Client{}
	for name, info := range services {
		made, err := client.NewClient(info, options...)
		if err != nil {
			log.Fatal(err)
		}
		clients[name] = made
	}
	serve(clients, &named)
}

func serve(clients map[string]client.Client, named *names) {
	var mutex sync.Mutex
	output := json.NewEncoder(os.Stdout)
	output.SetEscapeHTML(false)
	var running sync.WaitGroup
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, maxLineBytes)
	for lines.Scan() {
		var order command
		if err := json.Unmarshal(lines.Bytes(), &order); err != nil {
			log.Fatalf("not a command: %v", err)
		}
		running.Go(func() {
			result := answer{Error: &failure{Text: fmt.Sprintf("no service %q", order.Service)}}
			if order.Targets != "" {
				result = named.change(order.Targets)
			} else if chosen := clients[order.Service]; chosen != nil {
				result = run(chosen, services[order.Service], order, &named.calls)
			}
			result.ID = order.ID
			mutex.Lock()
			defer mutex.Unlock()
			if err := output.Encode(result); err != nil {
				log.Fatal(err)
			}
		})
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
	running.Wait()
}
