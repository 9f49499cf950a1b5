package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/process"
)

// client loads a server with a request over that many connections for the time.
type client func(p *process.Process, r request, connections int, length time.Duration) (sample, error)

// script makes wrk send a request and print the figures that are read: answers,
// microseconds, failed requests, and two latencies in microseconds.
const script = `wrk.method = %q
wrk.body = %q
wrk.headers["Authorization"] = "Bearer %s"
wrk.headers["Content-Type"] = "application/json"
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("\n%%d %%d %%d %%d %%d\n", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
end
`

// wrk returns a client that runs the program wrk with one thread. It counts in whole
// seconds.
func wrk(binary string) client {
	return func(p *process.Process, r request, connections int, length time.Duration) (sample, error) {
		file, err := keep(fmt.Appendf(nil, script, r.method, r.body, key))
		if err != nil {
			return sample{}, err
		}
		defer os.Remove(file)
		before, err := p.CPU()
		if err != nil {
			return sample{}, err
		}
		seconds := max(1, int(length.Seconds()+0.5))
		out, err := exec.Command(binary, "-t1", "-c"+strconv.Itoa(connections), "-d"+strconv.Itoa(seconds), "-s", file, "http://"+p.Host+r.path).CombinedOutput()
		if err != nil {
			return sample{}, fmt.Errorf("%s: %w\n%s", binary, err, out)
		}
		after, err := p.CPU()
		if err != nil {
			return sample{}, err
		}
		return said(string(out), after-before)
	}
}

// said reads the last line of the output, which is what the script printed.
func said(out string, cpu time.Duration) (sample, error) {
	var answered, took, wrong, p50, p99 int64
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if _, err := fmt.Sscan(lines[len(lines)-1], &answered, &took, &wrong, &p50, &p99); err != nil {
		return sample{}, fmt.Errorf("wrk printed %q: %w", out, err)
	}
	if wrong > 0 || answered == 0 {
		return sample{}, fmt.Errorf("wrk: %d of %d requests failed\n%s", wrong, answered, out)
	}
	return sample{
		answered: int(answered),
		rate:     float64(answered) / (float64(took) / 1e6),
		cpu:      cpu / time.Duration(answered),
		p50:      time.Duration(p50) * time.Microsecond,
		p99:      time.Duration(p99) * time.Microsecond,
	}, nil
}
