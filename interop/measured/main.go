// Package measured is what every peer in Go shares of the benchmarks: a program that is an echo server or a client that measures,
// driven over standard input like every other peer. Each line in is one question, each line out its answer; both end with
// standard input.
package measured

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"time"
)

// Peer is what a program has to offer to be measured.
type Peer struct {
	// Serve serves on the listener and returns when that has failed.
	Serve func(net.Listener) error
	// Connect makes the client's end of a measurement.
	Connect func(Settings) (Client, error)
}

// Settings of a client.
type Settings struct {
	Target      string
	Connections int
	// Bytes is the size of the two strings of a message together.
	Bytes int
}

// Client is driven by the questions; what is nil cannot be asked.
type Client struct {
	// Call sends one message and waits for the same to come back.
	Call func() error
	// Download receives messages of one stream until `stop`, Blocks those whose content is bytes, Upload sends them: all say how
	// many arrived.
	Download, Blocks, Upload func(stop time.Time) (int, error)
	// Hold opens so many streams, exchanges a message on each and leaves them open.
	Hold func(streams int) error
}

// Action is the short string of a message, as a method or a status would be.
const Action = "echo"

// question asks for a measurement, or with "usage" for what the process has used so far.
type question struct {
	Ask        string  `json:"ask"`
	Callers    int     `json:"callers"`
	Streams    int     `json:"streams"`
	DurationMs float64 `json:"durationMs"`
}

func (q question) duration() time.Duration {
	return time.Duration(q.DurationMs * float64(time.Millisecond))
}

// Main is the whole program. The peer's own flags have to be declared before.
func Main(peer Peer) {
	target := flag.String("target", "", "client: HOST:PORT of the server")
	connections := flag.Int("connections", 1, "client: connections when multiplexed")
	size := flag.Int("bytes", 1024, "client: bytes of a message")
	if len(os.Args) < 2 {
		log.Fatal("bench: say server or client")
	}
	must(flag.CommandLine.Parse(os.Args[2:]))
	switch os.Args[1] {
	case "server":
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		must(err)
		go func() { must(peer.Serve(listener)) }()
		say(map[string]any{"ready": listener.Addr().String()})
		answer(func(asked question) any { return askProcess(asked) })
	case "client":
		must(requireLoopback(*target))
		client, err := peer.Connect(Settings{*target, *connections, *size})
		must(err)
		say(map[string]any{"ready": *target})
		answer(func(asked question) any { return askClient(client, asked) })
	default:
		log.Fatalf("bench: say server or client, not %q", os.Args[1])
	}
}

func askClient(client Client, asked question) any {
	switch asked.Ask {
	case "closed":
		return closedLoop(client.Call, asked.Callers, asked.duration())
	case "download":
		return stream(client.Download, asked.duration())
	case "blocks":
		return stream(client.Blocks, asked.duration())
	case "upload":
		return stream(client.Upload, asked.duration())
	case "hold":
		must(client.Hold(asked.Streams))
		return map[string]any{"held": asked.Streams}
	default:
		return askProcess(asked)
	}
}

func askProcess(asked question) any {
	switch asked.Ask {
	case "usage":
		return used()
	case "memory":
		return held()
	default:
		log.Fatalf("bench: cannot answer %q", asked.Ask)
		return nil
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
