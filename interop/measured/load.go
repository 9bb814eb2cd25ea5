package measured

import (
	"log"
	"slices"
	"sync"
	"time"
)

// measurement is what a load finds out; of a stream the calls are messages, and there are no latencies.
type measurement struct {
	Calls     int     `json:"calls"`
	ElapsedMs float64 `json:"elapsedMs"`
	P50Ms     float64 `json:"p50Ms"`
	P99Ms     float64 `json:"p99Ms"`
	MaxMs     float64 `json:"maxMs"`
	usage
}

// closedLoop lets each of `callers` call again as soon as it has its answer.
func closedLoop(call func() error, callers int, duration time.Duration) measurement {
	before := used()
	started := time.Now()
	stop := started.Add(duration)
	latencies := make([][]time.Duration, callers)
	var running sync.WaitGroup
	for i := range callers {
		running.Go(func() {
			for now := time.Now(); now.Before(stop); {
				if err := call(); err != nil {
					log.Fatal(err)
				}
				next := time.Now()
				latencies[i] = append(latencies[i], next.Sub(now))
				now = next
			}
		})
	}
	running.Wait()
	made := since(before, started)
	all := slices.Concat(latencies...)
	slices.Sort(all)
	made.Calls, made.P50Ms, made.P99Ms, made.MaxMs = len(all), ms(at(all, 0.5)), ms(at(all, 0.99)), ms(all[len(all)-1])
	return made
}

func stream(run func(stop time.Time) (int, error), duration time.Duration) measurement {
	before := used()
	started := time.Now()
	messages, err := run(started.Add(duration))
	must(err)
	made := since(before, started)
	made.Calls = messages
	return made
}

func since(before usage, started time.Time) measurement {
	elapsed := time.Since(started)
	after := used()
	return measurement{
		ElapsedMs: ms(elapsed),
		usage:     usage{CPUMs: after.CPUMs - before.CPUMs, AllocatedBytes: after.AllocatedBytes - before.AllocatedBytes},
	}
}

func at(sorted []time.Duration, share float64) time.Duration {
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

func ms(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }
