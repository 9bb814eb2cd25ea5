package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	testing "google.golang.org/grpc/interop/grpc_testing"
)

// load asks for `Calls` calls of a kind by `Concurrency` callers; streams carry `Messages` each way that they have.
type load struct {
	Kind        string `json:"kind"`
	Calls       int64  `json:"calls"`
	Concurrency int    `json:"concurrency"`
	Messages    int    `json:"messages"`
}

// loadResult counts what came of them, failures by their text.
type loadResult struct {
	OK     int64            `json:"ok"`
	Errors map[string]int64 `json:"errors"`
}

const bodyBytes = 100

var kinds = map[string]func(testing.TestServiceClient, int) error{
	"unary":  unary,
	"output": output,
	"input":  input,
	"duplex": duplex,
}

func run(client testing.TestServiceClient, order load) *loadResult {
	result := &loadResult{Errors: map[string]int64{}}
	call := kinds[order.Kind]
	if call == nil {
		result.Errors[fmt.Sprintf("no kind %q", order.Kind)]++
		return result
	}
	var left atomic.Int64
	left.Store(order.Calls)
	var mutex sync.Mutex
	var running sync.WaitGroup
	for range order.Concurrency {
		running.Go(func() {
			for left.Add(-1) >= 0 {
				err := call(client, order.Messages)
				mutex.Lock()
				if err == nil {
					result.OK++
				} else {
					result.Errors[err.Error()]++
				}
				mutex.Unlock()
			}
		})
	}
	running.Wait()
	return result
}

func body() *testing.Payload { return &testing.Payload{Body: make([]byte, bodyBytes)} }

func unary(client testing.TestServiceClient, _ int) error {
	got, err := client.UnaryCall(context.Background(), &testing.SimpleRequest{ResponseSize: bodyBytes, Payload: body()})
	if err != nil {
		return err
	}
	return check(len(got.Payload.Body), bodyBytes)
}

func output(client testing.TestServiceClient, messages int) error {
	request := &testing.StreamingOutputCallRequest{}
	for range messages {
		request.ResponseParameters = append(request.ResponseParameters, &testing.ResponseParameters{Size: bodyBytes})
	}
	stream, err := client.StreamingOutputCall(context.Background(), request)
	if err != nil {
		return err
	}
	for received := 0; ; received++ {
		if _, err := stream.Recv(); errors.Is(err, io.EOF) {
			return check(received, messages)
		} else if err != nil {
			return err
		}
	}
}

func input(client testing.TestServiceClient, messages int) error {
	stream, err := client.StreamingInputCall(context.Background())
	if err != nil {
		return err
	}
	for range messages {
		if err := stream.Send(&testing.StreamingInputCallRequest{Payload: body()}); errors.Is(err, io.EOF) {
			break // what it ended with is said below
		} else if err != nil {
			return err
		}
	}
	got, err := stream.CloseAndRecv()
	if err != nil {
		return err
	}
	return check(int(got.AggregatedPayloadSize), messages*bodyBytes)
}

func duplex(client testing.TestServiceClient, messages int) error {
	stream, err := client.FullDuplexCall(context.Background())
	if err != nil {
		return err
	}
	request := &testing.StreamingOutputCallRequest{ResponseParameters: []*testing.ResponseParameters{{Size: bodyBytes}}}
	for range messages {
		if err := stream.Send(request); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if _, err := stream.Recv(); err != nil {
			return err
		}
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	if _, err := stream.Recv(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("expected the end of the stream, got %w", err)
	}
	return nil
}

func check(got, expected int) error {
	if got != expected {
		return fmt.Errorf("expected %d, got %d", expected, got)
	}
	return nil
}
