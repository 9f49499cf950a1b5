// Package target turns a URL and keys into a careful client: it shares answers
// between scenarios, keeps to a pace and a number of requests, waits when the
// target answers 429, checks every answer against the OpenAPI document and
// keeps each exchange as evidence.
package target

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/openapi"
)

// Defaults of a Config.
const (
	DefaultMaxRequests    = 1600
	DefaultRequestTimeout = 10 * time.Second
)

// MaxWait is the longest wait that a 429 may ask for.
const MaxWait = 2 * time.Minute

const (
	retries     = 5 // sends of one request that is answered 429
	stopsAfter  = 4 // unanswered requests in a row after which the target counts as gone
	firstWait   = time.Second
	waitMargin  = 50 * time.Millisecond // on top of a wait the target asks for
	idleTimeout = 30 * time.Second
)

// Endpoint is where an API is served and what it promises there.
type Endpoint struct {
	Base     string // such as http://127.0.0.1:4010/api/v1
	Contract *openapi.Contract
}

// Config says how to reach a target. The zero value of each field but
// Endpoints means its default.
type Config struct {
	Endpoints map[clause.API]Endpoint
	// Transport sends requests; nil means a new one like http.DefaultTransport.
	Transport http.RoundTripper
	// Header is sent with every request, in addition to the request's own
	// headers. Its values are secrets, which Evidence does not show.
	Header http.Header
	// Follow makes the client follow redirects that stay on the same host and
	// scheme.
	Follow         bool
	RPS            float64       // requests a second; 0 means no pacing
	MaxRequests    int           // requests in all; 0 means DefaultMaxRequests
	RequestTimeout time.Duration // of one request, body included; 0 means DefaultRequestTimeout
	Now            func() time.Time
	Sleep          func(context.Context, time.Duration) error
	// OnWait is told of each wait for pace or rate limit of a second or more; may be nil.
	OnWait func(d time.Duration, why string)
}

// Client sends requests to one target. Its methods are safe for concurrent use.
type Client struct {
	config Config
	own    *http.Transport // to close; nil when the transport was given

	mu         sync.Mutex
	memory     map[string]*Exchange // answers of this epoch
	requests   int
	waited     time.Duration
	unanswered int // in a row
	next       time.Time
	exchanges  []*Exchange
	halted     string // why the client stopped sending before the end
	trouble    trouble
}

// Halt is the reason why no further request is sent. It is about the run, not
// about the target's behaviour.
type Halt struct{ Reason string }

// Error is the reason.
func (h *Halt) Error() string { return h.Reason }

// New returns a client for the target.
func New(c Config) *Client {
	client := &Client{config: c, memory: map[string]*Exchange{}}
	cfg := &client.config
	if cfg.Transport == nil {
		client.own = &http.Transport{
			Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 4, IdleConnTimeout: idleTimeout, ForceAttemptHTTP2: true,
			DialContext: (&net.Dialer{Timeout: idleTimeout}).DialContext, TLSHandshakeTimeout: DefaultRequestTimeout,
		}
		cfg.Transport = client.own
	}
	if cfg.MaxRequests == 0 {
		cfg.MaxRequests = DefaultMaxRequests
	}
	if cfg.RequestTimeout == 0 {
		cfg.RequestTimeout = DefaultRequestTimeout
	}
	if cfg.Now == nil {
		cfg.Now = now
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
	if cfg.OnWait == nil {
		cfg.OnWait = func(time.Duration, string) {}
	}
	return client
}

// Close closes idle connections.
func (c *Client) Close() {
	if c.own != nil {
		c.own.CloseIdleConnections()
	}
}

// Base is the address an API is served at.
func (c *Client) Base(api clause.API) string { return c.config.Endpoints[api].Base }

// Now is the time by the clock of the run.
func (c *Client) Now() time.Time { return c.config.Now() }

// Requests is how many requests were sent.
func (c *Client) Requests() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.requests
}

// Left is how many requests may still be sent.
func (c *Client) Left() int { return c.config.MaxRequests - c.Requests() }

// Exchanges are all exchanges that went over the wire, in their order.
func (c *Client) Exchanges() []*Exchange {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.exchanges)
}

// NewEpoch forgets all answers: what is asked next is asked again.
func (c *Client) NewEpoch() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.memory)
}

// Wait sleeps for d.
func (c *Client) Wait(ctx context.Context, d time.Duration, why string) error {
	if d <= 0 {
		return nil
	}
	if d >= time.Second {
		c.config.OnWait(d, why)
	}
	c.mu.Lock()
	c.waited += d
	c.mu.Unlock()
	return c.config.Sleep(ctx, d)
}

// Waited is how long the run slept for pace and rate limits.
func (c *Client) Waited() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.waited
}

// remembered is the answer to an equal request of this epoch, if any.
func (c *Client) remembered(key string) *Exchange {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.memory[key]
}

// keep stores an exchange: a read is remembered, anything else ends the epoch.
// A refused write only drops what was read at its own address, where it would
// show if the target stored it nevertheless.
func (c *Client) keep(key string, e *Exchange) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case e.Method != http.MethodGet && e.Method != http.MethodHead:
		if e.Status/100 != 4 {
			clear(c.memory)
		}
		maps.DeleteFunc(c.memory, func(known string, _ *Exchange) bool { return strings.HasPrefix(known, http.MethodGet+" "+e.URL) })
	case e.Err == nil && e.Status != http.StatusTooManyRequests && e.Status < http.StatusInternalServerError:
		c.memory[key] = e
	}
}

// take asks for permission to send one more request and waits for its turn.
func (c *Client) take(ctx context.Context) error {
	c.mu.Lock()
	if c.requests >= c.config.MaxRequests {
		c.mu.Unlock()
		more := max(2*c.config.MaxRequests, DefaultMaxRequests) // this is enough for most targets
		return c.halt(fmt.Sprintf("all %d requests of the run are used; hint: --max-requests %d", c.config.MaxRequests, more))
	}
	if c.unanswered >= stopsAfter {
		c.mu.Unlock()
		return c.halt(fmt.Sprintf("the target stopped answering: %d requests in a row got none", stopsAfter))
	}
	c.requests++
	var pause time.Duration
	if c.config.RPS > 0 {
		at := c.config.Now()
		if c.next.Before(at) {
			c.next = at
		}
		pause = c.next.Sub(at)
		c.next = c.next.Add(time.Duration(float64(time.Second) / c.config.RPS))
	}
	c.mu.Unlock()
	if err := c.Wait(ctx, pause, "pace"); err != nil {
		return c.Stopped(ctx)
	}
	return nil
}

// halt keeps the first reason why the run sends no more.
func (c *Client) halt(reason string) *Halt {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.halted == "" {
		c.halted = reason
	}
	return &Halt{reason}
}

// Stopped returns the Halt of a run whose context has ended before it did.
func (c *Client) Stopped(ctx context.Context) *Halt {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return c.halt("the time for the run was over")
	}
	return c.halt("the run was stopped")
}

// Halted says why the run could not send everything it wanted to, "" when it
// could.
func (c *Client) Halted() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.halted
}

// send sends the request once and reads the whole answer.
func (c *Client) send(ctx context.Context, e *Exchange) error {
	if reason := c.Barred(c.of(e)); reason != "" {
		return &Halt{reason}
	}
	if err := c.take(ctx); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, c.config.RequestTimeout)
	defer cancel()
	req, err := e.request(limited)
	if err != nil {
		return err
	}
	c.bring(req, e)
	e.Status, e.Err, e.ResponseHeader, e.ResponseBody, e.Violations, e.value = 0, nil, nil, nil, nil, nil // of an earlier 429
	start := c.config.Now()
	resp, err := c.roundTrip(ctx, req)
	if halt, ok := errors.AsType[*Halt](err); ok {
		return halt
	}
	if err == nil {
		e.Status, e.ResponseHeader = resp.StatusCode, resp.Header
		e.ResponseBody, err = ReadBody(resp)
	}
	e.At = c.config.Now()
	e.Duration = e.At.Sub(start)
	if ctx.Err() != nil {
		return c.Stopped(ctx)
	}
	if err != nil {
		e.Status, e.Err = 0, c.explain(limited, err)
	} else {
		c.check(req, resp, e)
	}
	c.note(e)
	return nil
}

// note counts the exchange and keeps it.
func (c *Client) note(e *Exchange) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := *e
	c.exchanges = append(c.exchanges, &kept)
	if none, ok := errors.AsType[*NoAnswer](e.Err); ok && !none.Large {
		c.unanswered++
	} else {
		c.unanswered = 0
	}
}

// endpoint finds the API a URL belongs to and the path below its base.
func (c *Client) endpoint(u *url.URL) (clause.API, string) {
	address := *u
	address.RawQuery, address.Fragment = "", ""
	text := address.String()
	best, rest := clause.API(""), ""
	for api, e := range c.config.Endpoints {
		below, ok := strings.CutPrefix(text, strings.TrimSuffix(e.Base, "/"))
		if ok && (below == "" || below[0] == '/') && (best == "" || len(below) < len(rest)) {
			best, rest = api, below
		}
	}
	return best, rest
}
