package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cloudwego/kitex/pkg/discovery"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
)

// How often clients ask for the names.
const refreshInterval = 20 * time.Millisecond

// names is what a registry would be: the servers that there are, which a test may change.
type names struct {
	instances atomic.Pointer[[]discovery.Instance]
}

func (n *names) set(instances []discovery.Instance) { n.instances.Store(&instances) }

func (n *names) resolver() discovery.Resolver {
	return discovery.SynthesizedResolver{
		TargetFunc: func(context.Context, rpcinfo.EndpointInfo) string { return "named" },
		ResolveFunc: func(context.Context, string) (discovery.Result, error) {
			return discovery.Result{Cacheable: true, CacheKey: "named", Instances: *n.instances.Load()}, nil
		},
		NameFunc: func() string { return "named" },
	}
}

// change names other servers, and returns when all clients know.
func (n *names) change(target string) answer {
	instances, err := parseInstances(target)
	if err != nil {
		return answer{Error: &failure{Text: err.Error()}}
	}
	n.set(instances)
	time.Sleep(5 * refreshInterval)
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
