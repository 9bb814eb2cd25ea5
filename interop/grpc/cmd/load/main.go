// grpc-go's client under load, driven by a test: each line on standard input is a command, each line on standard output its answer
// (see command and answer). Commands run concurrently; it ends with standard input.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	testing "google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"
)

// command names the servers that there are, or asks for many calls.
type command struct {
	ID      int      `json:"id"`
	Targets []string `json:"targets"`
	Load    *load    `json:"load"`
}

type answer struct {
	ID   int         `json:"id"`
	Load *loadResult `json:"load,omitempty"`
}

func main() {
	found := manual.NewBuilderWithScheme("named")
	found.InitialState(resolver.State{})
	connection, err := grpc.NewClient("named:///servers",
		grpc.WithResolvers(found),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"round_robin": {}}]}`))
	if err != nil {
		log.Fatal(err)
	}
	connection.Connect()
	client := testing.NewTestServiceClient(connection)
	var mutex sync.Mutex
	output := json.NewEncoder(os.Stdout)
	var running sync.WaitGroup
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var order command
		if err := json.Unmarshal(lines.Bytes(), &order); err != nil {
			log.Fatalf("not a command: %v", err)
		}
		running.Go(func() {
			result := answer{ID: order.ID}
			if order.Targets != nil {
				found.UpdateState(stateOf(order.Targets))
			}
			if order.Load != nil {
				result.Load = run(client, *order.Load)
			}
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
	if err := connection.Close(); err != nil {
		log.Fatal(fmt.Errorf("closing: %w", err))
	}
}

func stateOf(targets []string) resolver.State {
	var state resolver.State
	for _, target := range targets {
		state.Endpoints = append(state.Endpoints, resolver.Endpoint{Addresses: []resolver.Address{{Addr: target}}})
	}
	return state
}
