package measured

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"syscall"
)

type usage struct {
	CPUMs          float64 `json:"cpuMs"`
	AllocatedBytes uint64  `json:"allocatedBytes"`
}

func used() usage {
	var resources syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &resources))
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	nanos := resources.Utime.Nano() + resources.Stime.Nano()
	return usage{CPUMs: float64(nanos) / 1e6, AllocatedBytes: stats.TotalAlloc}
}

// memory after everything that can be collected has been. Stacks are not on Go's heap but are what an idle stream costs there.
type memory struct {
	HeapBytes     uint64 `json:"heapBytes"`
	ResidentBytes uint64 `json:"residentBytes"`
}

func held() memory {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return memory{HeapBytes: stats.HeapAlloc + stats.StackInuse, ResidentBytes: resident()}
}

// resident is 0 where the system does not say it as Linux does.
func resident() uint64 {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, err := strconv.ParseUint(string(bytes.Fields(statm)[1]), 10, 64)
	must(err)
	return pages * uint64(os.Getpagesize())
}
