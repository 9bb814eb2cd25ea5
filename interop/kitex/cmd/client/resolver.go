package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/cloudwego/kitex/pkg/discovery"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
)

// fixedResolver always finds the same instances, as Kitex's own list of hosts does, but with weights.
func fixedResolver(instances []discovery.Instance) discovery.Resolver {
	return discovery.SynthesizedResolver{
		TargetFunc: func(context.Context, rpcinfo.EndpointInfo) string { return "fixed" },
		ResolveFunc: func(context.Context, string) (discovery.Result, error) {
			return discovery.Result{Cacheable: true, CacheKey: "fixed", Instances: instances}, nil
		},
		NameFunc: func() string { return "fixed" },
	}
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
