package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/client/callopt"
	"github.com/cloudwego/kitex/pkg/kerrors"
	"github.com/cloudwego/kitex/pkg/remote"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2/status"
	"github.com/cloudwego/kitex/pkg/serviceinfo"

	"kiteline/interop/kitex/internal/form"
)

// command is one call, or with `Stream` a call of the streaming services; with `Load` the same many times. `Args` holds the
// arguments by name in the form of package form. With `Targets` it names other servers instead.
type command struct {
	ID         int               `json:"id"`
	Service    string            `json:"service"`
	Method     string            `json:"method"`
	Args       json.RawMessage   `json:"args"`
	Persistent map[string]string `json:"persistent"`
	Transient  map[string]string `json:"transient"`
	TimeoutMs  int               `json:"timeoutMs"`
	Load       *load             `json:"load"`
	Stream     *streamOrder      `json:"stream"`
	Targets    string            `json:"targets"`
}

func (c command) timeout() time.Duration { return time.Duration(c.TimeoutMs) * time.Millisecond }

// load asks for `Calls` calls by `Concurrency` callers, each of which must give `Expect`: the result, or the items received.
type load struct {
	Calls       int64           `json:"calls"`
	Concurrency int             `json:"concurrency"`
	Expect      json.RawMessage `json:"expect"`
}

// answer is what became of a command. `Result` is the result struct: `success`, or an exception under its name.
type answer struct {
	ID       int               `json:"id"`
	Result   json.RawMessage   `json:"result,omitempty"`
	Backward map[string]string `json:"backward,omitempty"`
	Business *business         `json:"business,omitempty"`
	Error    *failure          `json:"error,omitempty"`
	Load     *loadResult       `json:"load,omitempty"`
	Stream   *streamResult     `json:"stream,omitempty"`
}

type business struct {
	Status  int32             `json:"status"`
	Message string            `json:"message"`
	Extra   map[string]string `json:"extra,omitempty"`
}

// failure: `Kind` is Kitex's own class of the error, `Type` the application exception's code or -1, `Status` gRPC's code or -1.
type failure struct {
	Kind   string `json:"kind"`
	Type   int32  `json:"type"`
	Status int32  `json:"status"`
	Text   string `json:"text"`
}

type loadResult struct {
	OK     int64            `json:"ok"`
	Errors map[string]int64 `json:"errors"`
}

func run(chosen client.Client, info *serviceinfo.ServiceInfo, order command, calls *sync.RWMutex) answer {
	switch {
	case order.Load != nil:
		return answer{Load: runLoad(chosen, info, order, calls)}
	case order.Stream != nil:
		return runStream(chosen, order)
	default:
		return call(chosen, info, order)
	}
}

func call(chosen client.Client, info *serviceinfo.ServiceInfo, order command) answer {
	method := info.MethodInfo(context.Background(), order.Method)
	if method == nil {
		return answer{Error: &failure{Text: fmt.Sprintf("%s has no method %q", info.ServiceName, order.Method)}}
	}
	args := method.NewArgs()
	if order.Args != nil {
		if err := form.Decode(order.Args, args); err != nil {
			return answer{Error: &failure{Text: err.Error()}}
		}
	}
	ctx := unaryContext(order)
	var result any
	if !method.OneWay() {
		result = method.NewResult()
	}
	err := chosen.Call(ctx, order.Method, args, result)
	backward := metainfo.RecvAllBackwardValues(ctx)
	if err != nil {
		made := failed(err)
		made.Backward = backward
		return made
	}
	if result == nil {
		return answer{Result: json.RawMessage("{}")}
	}
	encoded, err := form.Encode(result)
	if err != nil {
		return answer{Error: &failure{Text: err.Error()}}
	}
	return answer{Result: encoded, Backward: backward}
}

// contextOf carries the metadata of an order.
func contextOf(order command) context.Context {
	ctx := metainfo.WithBackwardValues(context.Background())
	for key, value := range order.Persistent {
		ctx = metainfo.WithPersistentValue(ctx, key, value)
	}
	for key, value := range order.Transient {
		ctx = metainfo.WithValue(ctx, key, value)
	}
	return ctx
}

func unaryContext(order command) context.Context {
	ctx := contextOf(order)
	if order.TimeoutMs > 0 {
		ctx = client.NewCtxWithCallOptions(ctx, []callopt.Option{callopt.WithRPCTimeout(order.timeout())})
	}
	return ctx
}

// failed is the answer to a call that ended in an error, or an empty one.
func failed(err error) answer {
	if err == nil {
		return answer{}
	}
	if biz, ok := kerrors.FromBizStatusError(err); ok {
		return answer{Business: &business{biz.BizStatusCode(), biz.BizMessage(), biz.BizExtra()}}
	}
	return answer{Error: describe(err)}
}

var kinds = []struct {
	name string
	err  error
}{
	{"timeout", kerrors.ErrRPCTimeout},
	{"canceled", kerrors.ErrCanceledByBusiness},
	{"connection", kerrors.ErrGetConnection},
	{"overLimit", kerrors.ErrOverlimit},
	{"remoteOrNetwork", kerrors.ErrRemoteOrNetwork},
}

func describe(err error) *failure {
	made := &failure{Kind: "other", Type: -1, Status: -1, Text: err.Error()}
	for _, each := range kinds {
		if errors.Is(err, each.err) {
			made.Kind = each.name
			break
		}
	}
	var grpc status.Iface
	if errors.As(err, &grpc) {
		made.Status = int32(grpc.GRPCStatus().Code())
	}
	var coded interface{ TypeId() int32 }
	var trans *remote.TransError
	if errors.As(err, &trans) {
		made.Type = trans.TypeID()
	} else if errors.As(err, &coded) {
		made.Type = coded.TypeId()
	}
	return made
}

func runLoad(chosen client.Client, info *serviceinfo.ServiceInfo, order command, calls *sync.RWMutex) *loadResult {
	result := &loadResult{Errors: map[string]int64{}}
	left := atomic.Int64{}
	left.Store(order.Load.Calls)
	var mutex sync.Mutex
	var running sync.WaitGroup
	for range order.Load.Concurrency {
		running.Go(func() {
			for left.Add(-1) >= 0 {
				calls.RLock()
				text := outcome(chosen, info, order)
				calls.RUnlock()
				mutex.Lock()
				if text == "" {
					result.OK++
				} else {
					result.Errors[text]++
				}
				mutex.Unlock()
			}
		})
	}
	running.Wait()
	return result
}

// outcome makes one call of a load and says what is wrong with its answer, if anything.
func outcome(chosen client.Client, info *serviceinfo.ServiceInfo, order command) string {
	var got answer
	var result []byte
	if order.Stream == nil {
		got = call(chosen, info, order)
		result = got.Result
	} else {
		got = runStream(chosen, order)
		if got.Stream != nil {
			result, _ = json.Marshal(got.Stream.Received)
		}
	}
	switch {
	case got.Error != nil:
		return got.Error.Text
	case got.Business != nil:
		return got.Business.Message
	case string(result) != string(order.Load.Expect):
		return "wrong answer: " + string(result)
	}
	return ""
}
