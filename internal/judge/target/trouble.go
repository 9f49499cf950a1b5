package target

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
)

// trouble is what the client knows of a target whose answers vary. The lock of
// the client guards it.
type trouble struct {
	barred   map[clause.API]string // why nothing more is sent to an API
	stumbles int                   // answers that were different the second time
	lasting  int                   // answers that were the same the second time
	worked   map[string]*Exchange  // the first answer each caller was given, by Authorization
	opened   map[string]bool       // what a caller was given, by Authorization and URL
	probes   int
}

const (
	// mostLasting is how many bad answers that stay bad are asked for again.
	mostLasting = 6
	// mostProbes bounds the requests that find out whether a key still works.
	mostProbes = 5
	// oddLimits is how many 429 answers without JSON may come from a gateway.
	oddLimits = 3
)

// passing are the statuses that gateways answer with while something is wrong.
var passing = []int{
	http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// Bar stops requests to an API, for the reason.
func (c *Client) Bar(api clause.API, reason string) *Halt {
	c.mu.Lock()
	if c.trouble.barred == nil {
		c.trouble.barred = map[clause.API]string{}
	}
	if c.trouble.barred[api] == "" {
		c.trouble.barred[api] = reason
	}
	c.mu.Unlock()
	return c.halt(reason)
}

// Barred says why nothing more is sent to an API, "" when requests may be sent.
func (c *Client) Barred(api clause.API) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.trouble.barred[api]
}

// repeat sends a request once more whose answer may come from a gateway in
// trouble, after the wait that the answer asks for if wait is set. A write is
// not sent twice: it may have been done.
func (c *Client) repeat(ctx context.Context, e *Exchange, wait bool) error {
	read := e.Method == http.MethodGet || e.Method == http.MethodHead
	if !read || !slices.Contains(passing, e.Status) || c.lasts(0) >= mostLasting {
		return nil
	}
	if d, stated := e.RetryAfter(); stated && wait {
		if d > MaxWait {
			return c.Bar(c.of(e), fmt.Sprintf("the target answers %d and asks to wait %s", e.Status, d))
		}
		if err := c.Wait(ctx, d, fmt.Sprint("the target answers ", e.Status)); err != nil {
			return c.Stopped(ctx)
		}
	}
	seen := c.latest()
	if err := c.send(ctx, e); err != nil {
		return err
	}
	if slices.Contains(passing, e.Status) || e.Err != nil {
		c.lasts(1)
		return nil
	}
	c.stumbled(seen)
	return nil
}

// lasts counts bad answers that stay bad.
func (c *Client) lasts(more int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trouble.lasting += more
	return c.trouble.lasting
}

// latest is the exchange that was kept last.
func (c *Client) latest() *Exchange {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.exchanges[len(c.exchanges)-1]
}

// stumbled counts a bad answer that is not held against the target.
func (c *Client) stumbled(seen *Exchange) {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen.Violations = nil
	c.trouble.stumbles++
}

// limitedOddly counts a 429 without JSON as a gateway's while there are few.
func (c *Client) limitedOddly(e *Exchange) {
	var body map[string]any
	if decodeInto(e.ResponseBody, &body) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.trouble.stumbles < oddLimits {
		c.exchanges[len(c.exchanges)-1].Violations = nil
		c.trouble.stumbles++
	}
}

// of is the API an exchange is of.
func (c *Client) of(e *Exchange) clause.API {
	u, err := url.Parse(e.URL)
	if err != nil {
		return ""
	}
	api, _ := c.endpoint(u)
	return api
}

// trusts finds out whether a key that worked was refused for good. If the key
// is refused what it was given before, or is suddenly unknown, its first
// successful request is sent again.
func (c *Client) trusts(ctx context.Context, e *Exchange) error {
	caller := e.Header.Get("Authorization")
	where := caller + " " + e.Method + " " + e.URL
	c.mu.Lock()
	t := &c.trouble
	if t.worked == nil {
		t.worked, t.opened = map[string]*Exchange{}, map[string]bool{}
	}
	if e.Status/100 == 2 && e.Method == http.MethodGet && caller != "" {
		t.opened[where] = true
		if t.worked[caller] == nil {
			t.worked[caller] = e
		}
	}
	first := t.worked[caller]
	refused := e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden && t.opened[where]
	probe := first != nil && refused && t.probes < mostProbes
	if probe {
		t.probes++
	}
	c.mu.Unlock()
	if !probe {
		return nil
	}
	again := &Exchange{Method: first.Method, URL: first.URL, Header: first.Header.Clone()}
	if err := c.send(ctx, again); err != nil {
		return err
	}
	if again.Status != http.StatusUnauthorized && again.Status != http.StatusForbidden {
		return nil
	}
	return c.Bar(c.of(e), fmt.Sprintf("a key that worked is refused since: %s was answered %d and is answered %d now", again.Method+below(again.URL), first.Status, again.Status))
}

// patience waits for a limit of the target to pass. It is an error when that
// takes too long, or was done often enough.
func (c *Client) patience(ctx context.Context, e *Exchange, attempt int, backoff time.Duration) error {
	wait, stated := e.RetryAfter()
	if !stated {
		wait = backoff
	}
	reason := fmt.Sprintf("the target keeps answering 429 (last wait asked for: %s); hint: --rps 1", wait)
	switch {
	case wait > MaxWait:
		return c.Bar(c.of(e), reason)
	case attempt == retries:
		return &Halt{reason}
	}
	if c.Wait(ctx, wait+waitMargin, "rate limit") != nil {
		return c.Stopped(ctx)
	}
	return nil
}
