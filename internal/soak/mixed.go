package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/mockdesk/mockdesk/internal/process"
)

const (
	defaultKey = "ixk_test_readwrite"
	// tenants is how many of the connections make workspaces of their own.
	// Notes are written only in these, because the notes of a deleted workspace
	// go away.
	tenants = 64
	// noted is a ticket of every world.
	noted = "/api/v1/tickets/1001/messages"
	note  = `{"type":"internal_note","body_text":"Called back."}`
	// rule makes the next three lists of tickets fail.
	rule = `{"match":{"operation":"listTickets"},"when":{"times":3},"then":{"status":{"code":429,"retry_after":1}}}`
)

// reads are what readers ask for, all of them answered with 200.
var reads = []string{
	"/api/v1/tickets?status=open&sort=created_at&order=desc",
	"/api/v1/tickets?page=3&per_page=50",
	"/api/v1/tickets?query=login+-refund",
	"/api/v1/tickets?q=%22two-factor+codes%22&sort=updated_at",
	"/api/v1/tickets?priority=high&assignee_id=__unassigned__&created_after=2024-01-01T00:00:00Z",
	noted,
	"/api/v1/tickets/1100/messages",
}

// mixed drives one server from all connections and compares what it holds
// afterwards with what it held before.
func (s *soak) mixed() error {
	server, err := process.Start(os.Stderr, s.binary, "serve", "--addr", "127.0.0.1:0", "--quiet", "--life", "busy")
	if err != nil {
		return err
	}
	defer server.Kill()
	c := newClient(server.Host, s.connections)
	before, err := c.held(server)
	if err != nil {
		return err
	}
	if s.rate > 0 {
		c.pace = time.NewTicker(time.Second / time.Duration(s.rate))
	}
	ctx, stop := context.WithTimeout(context.Background(), s.length)
	defer stop()
	var wait sync.WaitGroup
	for i := range s.connections {
		wait.Go(func() {
			random := rand.New(rand.NewPCG(s.seed, uint64(i)))
			if i < tenants {
				c.tenant(ctx, i, random)
			} else {
				c.reader(ctx, random)
			}
		})
	}
	samples, err := s.watch(ctx, server)
	if c.pace != nil {
		c.pace.Reset(time.Microsecond) // for those that wait for their turn
	}
	wait.Wait()
	if err := errors.Join(append(c.wrong, err)...); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "mixed load: %d connections, %d answers in %v, all as asked for\n", s.connections, c.answered.Load(), s.length)
	third := len(c.took) / 3
	fmt.Fprintf(s.out, "latency: p99 %v in the second third of the answers, %v in the last\n",
		p99(c.took[third:2*third]).Round(100*time.Microsecond), p99(c.took[2*third:]).Round(100*time.Microsecond))
	return errors.Join(s.flat(samples), s.quiet(c, server, before))
}

// reader reads the default workspace until the end.
func (c *client) reader(ctx context.Context, random *rand.Rand) {
	for ctx.Err() == nil {
		if c.ask(http.MethodGet, reads[random.IntN(len(reads))], defaultKey, "", http.StatusOK) != nil {
			return
		}
	}
}

// tenant makes a workspace, writes, fails on purpose, and deletes it, until
// the end.
func (c *client) tenant(ctx context.Context, i int, random *rand.Rand) {
	for n := 0; ctx.Err() == nil; n++ {
		name := fmt.Sprintf("soak-%d-%d", i, n)
		key := "ixk_" + name + "_readwrite"
		type step struct {
			method, path, key, body string
			want                    int
		}
		steps := []step{
			{"POST", "/_mockdesk/workspaces", "", `{"name":"` + name + `"}`, http.StatusCreated},
			{"POST", "/_mockdesk/faults?workspace=" + name, "", rule, http.StatusCreated},
		}
		for range 3 {
			steps = append(steps, step{"GET", reads[0], key, "", http.StatusTooManyRequests})
		}
		for range 20 + random.IntN(20) {
			steps = append(steps, step{"POST", noted, key, note, http.StatusCreated}, step{"GET", reads[random.IntN(len(reads))], key, "", http.StatusOK})
		}
		steps = append(steps,
			step{"GET", reads[0], "ixk_" + name + "_revoked", "", http.StatusUnauthorized},
			step{"POST", noted, "ixk_" + name + "_readonly", note, http.StatusForbidden},
			step{"DELETE", "/_mockdesk/workspaces/" + name, "", "", http.StatusNoContent},
			step{"GET", reads[0], key, "", http.StatusUnauthorized},
		)
		for _, s := range steps {
			if c.ask(s.method, s.path, s.key, s.body, s.want) != nil {
				return
			}
		}
	}
}
