// Kitex's side of the benchmarks: an echo server and a client that measures, driven over standard input like every other peer.
// Each line in is one question, each line out its answer; both end with standard input. Kitex is given its best: framed and no
// meta handlers where the connection is pooled, TTHeader only where multiplexing needs it.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"runtime"
	"syscall"
	"time"

	"github.com/cloudwego/kitex/pkg/klog"
)

// question asks for a measurement, or with "usage" for what the process has used so far.
type question struct {
	Ask        string  `json:"ask"`
	Callers    int     `json:"callers"`
	DurationMs float64 `json:"durationMs"`
}

type usage struct {
	CPUMs          float64 `json:"cpuMs"`
	AllocatedBytes uint64  `json:"allocatedBytes"`
}

func main() {
	connection := flag.String("connection", "pooled", "pooled or mux")
	target := flag.String("target", "", "client: HOST:PORT of the server")
	connections := flag.Int("connections", 1, "client: connections when multiplexed")
	size := flag.Int("bytes", 1024, "client: bytes of a message")
	if len(os.Args) < 2 {
		log.Fatal("bench: say server or client")
	}
	must(flag.CommandLine.Parse(os.Args[2:]))
	klog.SetOutput(io.Discard)
	if *connection != "pooled" && *connection != "mux" {
		log.Fatalf("bench: the connection is pooled or mux, got %q", *connection)
	}
	switch os.Args[1] {
	case "server":
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		must(err)
		go func() { must(newServer(listener, *connection == "mux").Run()) }()
		say(map[string]any{"ready": listener.Addr().String()})
		answer(func(question) any { return used() })
	case "client":
		must(requireLoopback(*target))
		caller := newCaller(*target, *connection == "mux", *connections, *size)
		say(map[string]any{"ready": *target})
		answer(func(asked question) any {
			if asked.Ask == "usage" {
				return used()
			}
			return caller.closedLoop(asked.Callers, time.Duration(asked.DurationMs*float64(time.Millisecond)))
		})
	default:
		log.Fatalf("bench: say server or client, not %q", os.Args[1])
	}
}

func answer(how func(question) any) {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var asked question
		must(json.Unmarshal(lines.Bytes(), &asked))
		say(how(asked))
	}
}

func say(line any) { must(json.NewEncoder(os.Stdout).Encode(line)) }

func used() usage {
	var resources syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &resources))
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	nanos := resources.Utime.Nano() + resources.Stime.Nano()
	return usage{CPUMs: float64(nanos) / 1e6, AllocatedBytes: memory.TotalAlloc}
}

// A load generator that can be pointed anywhere is a weapon.
func requireLoopback(target string) error {
	host, _, err := net.SplitHostPort(target)
	if err != nil {
		return err
	}
	if address := net.ParseIP(host); address == nil || !address.IsLoopback() {
		return fmt.Errorf("bench: the target must be a loopback address, got %q", target)
	}
	return nil
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
