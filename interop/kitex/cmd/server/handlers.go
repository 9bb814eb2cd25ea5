package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/kitex/pkg/kerrors"
	"github.com/cloudwego/kitex/pkg/remote"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
	"github.com/cloudwego/kitex/pkg/serviceinfo"

	"kiteline/interop/kitex/kitex_gen/echo"
	api "kiteline/interop/kitex/kitex_gen/interop"
	"kiteline/interop/kitex/kitex_gen/interop/interop"
)

// How long `noted` waits for the first note under a key.
const noteWait = 5 * time.Second

// withoutRemoved is the service as an older server would have it.
func withoutRemoved() *serviceinfo.ServiceInfo {
	info := interop.NewServiceInfo()
	delete(info.Methods, "removed")
	return info
}

type echoHandler struct{}

func (*echoHandler) Echo(_ context.Context, req *echo.Req) (*echo.Resp, error) {
	return &echo.Resp{Action: req.Action, Msg: req.Msg}, nil
}

type otherHandler struct{}

func (*otherHandler) Echo(_ context.Context, req *echo.Req) (*echo.Resp, error) {
	return &echo.Resp{Action: "other:" + req.Action, Msg: req.Msg}, nil
}

func (*otherHandler) Name(context.Context) (string, error) { return "Other", nil }

// interopHandler remembers what `note` and `store` were told.
type interopHandler struct {
	mutex sync.Mutex
	notes map[string]*noteList
}

type noteList struct {
	texts   []string
	arrived chan struct{} // closed with the first
}

func newInteropHandler() *interopHandler { return &interopHandler{notes: map[string]*noteList{}} }

func (h *interopHandler) listOf(key string) *noteList {
	list := h.notes[key]
	if list == nil {
		list = &noteList{arrived: make(chan struct{})}
		h.notes[key] = list
	}
	return list
}

func (h *interopHandler) add(key, text string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	list := h.listOf(key)
	list.texts = append(list.texts, text)
	if len(list.texts) == 1 {
		close(list.arrived)
	}
}

func (h *interopHandler) Kinds(_ context.Context, value *api.Kinds) (*api.Kinds, error) {
	return value, nil
}

func (h *interopHandler) Nothing(context.Context) error { return nil }

func (h *interopHandler) Store(_ context.Context, key string, value []byte, expiry int64) error {
	h.add(key, fmt.Sprintf("%x until %d", value, expiry))
	return nil
}

func (h *interopHandler) Join(_ context.Context, a string, b int32, c bool, d []string, e *api.Inner) (string, error) {
	return fmt.Sprintf("%s %d %t %q %d", a, b, c, d, e.GetId()), nil
}

func (h *interopHandler) Note(_ context.Context, key, text string) error {
	h.add(key, text)
	return nil
}

func (h *interopHandler) Noted(ctx context.Context, key string) ([]string, error) {
	h.mutex.Lock()
	list := h.listOf(key)
	h.mutex.Unlock()
	select {
	case <-list.arrived:
	case <-time.After(noteWait):
		return nil, fmt.Errorf("nothing noted under %q in %s", key, noteWait)
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return append([]string(nil), list.texts...), nil
}

func (h *interopHandler) Fail(_ context.Context, what string) (string, error) {
	return what, failure(what)
}

func (h *interopHandler) FailQuietly(_ context.Context, what string) error { return failure(what) }

func failure(what string) error {
	switch what {
	case "notFound":
		return &api.NotFound{Key: "k", Code: 404}
	case "denied":
		return &api.Denied{Reason: "no", Roles: []string{"admin", "owner"}}
	case "error":
		return errors.New("the handler failed")
	case "panic":
		panic("the handler panicked")
	}
	return nil
}

func (h *interopHandler) Business(_ context.Context, status int32, message string, extra map[string]string) (string, error) {
	if status == 0 {
		return message, nil
	}
	return "", kerrors.NewBizStatusErrorWithExtra(status, message, extra)
}

func (h *interopHandler) Sleep(ctx context.Context, ms int32) (string, error) {
	select {
	case <-ctx.Done():
		return "", fmt.Errorf("sleep was ended: %w", ctx.Err())
	case <-time.After(time.Duration(ms) * time.Millisecond):
		return "slept", nil
	}
}

func (h *interopHandler) Reflect(ctx context.Context, backward map[string]string) (*api.Seen, error) {
	for key, value := range backward {
		if !metainfo.SendBackwardValue(ctx, key, value) {
			return nil, fmt.Errorf("backward value %q could not be sent", key)
		}
	}
	info := rpcinfo.GetRPCInfo(ctx)
	headers, _ := ctx.Value(headersKey{}).(recordedHeaders)
	seen := &api.Seen{
		Service:    info.Invocation().ServiceName(),
		Method:     info.Invocation().MethodName(),
		Caller:     info.From().ServiceName(),
		Protocol:   info.Config().TransportProtocol().String(),
		Persistent: metainfo.GetAllPersistentValues(ctx),
		Transient:  metainfo.GetAllValues(ctx),
		Strings:    headers.strings,
		Integers:   headers.integers,
	}
	if deadline, ok := ctx.Deadline(); ok {
		left := time.Until(deadline).Milliseconds()
		seen.LeftMs = &left
	}
	return seen, nil
}

func (h *interopHandler) Body(_ context.Context, content []byte, size int32) ([]byte, error) {
	if size != 0 {
		return bytes.Repeat([]byte{0x5a}, int(size)), nil
	}
	return content, nil
}

func (h *interopHandler) Removed(context.Context) (string, error) {
	return "", errors.New("removed is not served")
}

// headerRecorder keeps the TTHeader keys of a request as they came, for `reflect`.
type headerRecorder struct{}

type headersKey struct{}

type recordedHeaders struct {
	strings  map[string]string
	integers map[int32]string
}

func (headerRecorder) ReadMeta(ctx context.Context, msg remote.Message) (context.Context, error) {
	recorded := recordedHeaders{strings: map[string]string{}, integers: map[int32]string{}}
	for key, value := range msg.TransInfo().TransStrInfo() {
		recorded.strings[key] = value
	}
	for key, value := range msg.TransInfo().TransIntInfo() {
		recorded.integers[int32(key)] = value
	}
	return context.WithValue(ctx, headersKey{}, recorded), nil
}

func (headerRecorder) WriteMeta(ctx context.Context, _ remote.Message) (context.Context, error) {
	return ctx, nil
}
