package judged_test

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judged"
	"github.com/mockdesk/mockdesk/mockserver"
)

type costs struct {
	n    int
	last int
	log  []string
	out  *os.File
}

func (c *costs) Clause(r conformance.Result, of int) {
	fmt.Fprintf(c.out, "%4d %s %s %s\n", c.n-c.last, r.Clause.ID, r.Outcome, r.Reason)
	for _, l := range c.log {
		fmt.Fprintln(c.out, "        ", l)
	}
	c.log = nil
	c.last = c.n
}
func (c *costs) Waiting(time.Duration, string) {}

func TestTmpCost(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("N"))
	seed, _ := strconv.Atoi(os.Getenv("SEED"))
	c := &costs{}
	c.out, _ = os.Create(os.Getenv("OUT"))
	cfg := judged.New(t, mockserver.Config{Tickets: n, Seed: uint64(seed)}, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c.n++
			c.log = append(c.log, r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("Authorization")+" "+r.Header.Get("Prefer"))
			h.ServeHTTP(w, r)
		})
	}).Config
	cfg.Progress = c
	cfg.MaxRequests = 3000
	at := time.Now()
	r := judged.Run(t, cfg)
	t.Log(r.Requests, r.Counts, time.Since(at), failed(r))
	for _, x := range r.Results {
		if x.Outcome != "pass" {
			t.Log(x.Clause.ID, x.Outcome, x.Reason)
			for i, f := range x.Failures {
				if i < 3 {
					t.Logf("   %s | %s | %s | %s", f.Path, f.Expected, f.Actual, f.Message)
				}
			}
		}
	}
}
