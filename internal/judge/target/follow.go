package target

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// mostHops is how many redirects of one request are followed.
const mostHops = 5

// bring adds the headers of the Config to a request, and their names to its
// exchange. Headers that the judge sends itself stay, except User-Agent.
func (c *Client) bring(req *http.Request, e *Exchange) {
	e.Brought = nil
	for name, values := range c.config.Header {
		if req.Header.Get(name) == "" || name == "User-Agent" {
			req.Header[name] = slices.Clone(values)
			e.Brought = append(e.Brought, name)
			e.Header.Del(name)
		}
	}
	slices.Sort(e.Brought)
}

// roundTrip sends a request and follows redirects if the Config says so.
func (c *Client) roundTrip(ctx context.Context, req *http.Request) (*http.Response, error) {
	for hops := 0; ; hops++ {
		resp, err := c.config.Transport.RoundTrip(req)
		if err != nil || !c.config.Follow || hops == mostHops {
			return resp, err
		}
		next := onward(req, resp)
		if next == nil {
			return resp, nil
		}
		_, _ = io.CopyN(io.Discard, resp.Body, head) // so that the connection can be reused
		resp.Body.Close()
		if c.Left() <= 0 {
			return nil, c.take(ctx)
		}
		c.hop()
		req = next
	}
}

// hop counts a redirect. It is followed at once, within the time of its
// request; the next request waits longer in return.
func (c *Client) hop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests++
	if c.config.RPS > 0 {
		c.next = c.next.Add(time.Duration(float64(time.Second) / c.config.RPS))
	}
}

// onward returns the request that a redirect asks for, nil when it leads to
// another host or scheme, or would turn a write into a read.
func onward(req *http.Request, resp *http.Response) *http.Request {
	read := req.Method == http.MethodGet || req.Method == http.MethodHead
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther:
		if !read {
			return nil
		}
	case http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil
	}
	to, err := req.URL.Parse(resp.Header.Get("Location"))
	if err != nil || resp.Header.Get("Location") == "" || !SameOrigin(req.URL, to) {
		return nil
	}
	next := req.Clone(req.Context())
	next.URL, next.Host = to, ""
	if req.GetBody != nil {
		if next.Body, err = req.GetBody(); err != nil {
			return nil
		}
	}
	return next
}

// SameOrigin reports whether two addresses have the same scheme, host and port.
func SameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b) && b.User == nil
}

// port is the port of an address, that of its scheme when it names none.
func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}
