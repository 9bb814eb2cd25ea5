package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cloudwego/kitex/pkg/discovery"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
)

// How often clients ask for the names, and how often they must have asked to know them: one who asks takes its time to tell.
const (
	refreshInterval = 20 * time.Millisecond
	refreshes       = 3
)

// names is what a registry would be: the servers that there are, which a test may change.
type names struct {
	instances atomic.Pointer[[]discovery.Instance]
	asked     atomic.Int64
	// Held for reading by each call of a load.
	calls sync.RWMutex
}

func (n *names) resolver() discovery.Resolver {
	return discovery.SynthesizedResolver{
		TargetFunc: func(context.Context, rpcinfo.EndpointInfo) string { return "named" },
		ResolveFunc: func(context.Context, string) (discovery.Result, error) {
			n.asked.Add(1)
			return discovery.Result{Cacheable: true, CacheKey: "named", Instances: *n.instances.Load()}, nil
		},
		NameFunc: func() string { return "named" },
	}
}

// change names other servers, and returns when the client that is in use knows. It does so while no call is under way: Kitex's own
// pools close a multiplexed or HTTP/2 connection to a server that is not named any more, whatever is in flight on it.
func (n *names) change(target string) answer {
	instances, err := parseInstances(target)
	if err != nil {
		return answer{Error: &failure{Text: err.Error()}}
	}
	n.calls.Lock()
	defer n.calls.Unlock()
	n.instances.Store(&instances)
	for known := n.asked.Load() + refreshes; n.asked.Load() < known; {
		time.Sleep(refreshInterval)
	}
	return answer{}
}

func parseInstances(target string) ([]discovery.Instance, error) {
	var instances []discovery.Instance
	for _, each := range strings.Split(target, ",") {
		address, text, weighted := strings.Cut(each, "@")
		weight := discovery.DefaultWeight
		if weighted {
			parsed, err := strconv.Atoi(text)
			if err != nil {
				return nil, fmt.Errorf("the weight in %q is not a number", each)
			}
			weight = parsed
		}
		if !strings.Contains(address, ":") {
			return nil, fmt.Errorf("expected HOST:PORT in --target, got %q", each)
		}
		instances = append(instances, discovery.NewInstance("tcp", address, weight, nil))
	}
	return instances, nil
}
