package target

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Tape is a client of one scenario: it sends through a Client and remembers
// what the scenario sent. It follows no redirect and keeps no cookie.
type Tape struct {
	Client *Client
	// Fresh asks the target even when an equal request was answered before.
	Fresh bool
	// TakeLimits hands a 429 to the scenario instead of waiting.
	TakeLimits bool
	// Limit bounds the time the scenario's requests may take together, waits
	// not counted; 0 means no bound.
	Limit time.Duration

	exchanges []*Exchange
	spent     time.Duration
	halt      *Halt
}

// Exchanges are the scenario's exchanges, shared ones included.
func (t *Tape) Exchanges() []*Exchange { return t.exchanges }

// Adopt adds exchanges of another scenario that this one judges.
func (t *Tape) Adopt(all ...*Exchange) { t.exchanges = append(t.exchanges, all...) }

// Last is the latest exchange, nil when there is none.
func (t *Tape) Last() *Exchange {
	if len(t.exchanges) == 0 {
		return nil
	}
	return t.exchanges[len(t.exchanges)-1]
}

// Late reports whether most of the time that the requests of the scenario may
// take is used up.
func (t *Tape) Late() bool { return t.Limit > 0 && t.spent > t.Limit/4*3 }

// Halted is why the scenario could not send all its requests, nil when it could.
func (t *Tape) Halted() *Halt { return t.halt }

// Do sends the request or answers it from memory.
func (t *Tape) Do(req *http.Request) (*http.Response, error) {
	e, err := newExchange(req)
	if err != nil {
		return nil, err
	}
	key := e.key()
	if e.Method == http.MethodGet && !t.Fresh {
		if known := t.Client.remembered(key); known != nil {
			t.exchanges = append(t.exchanges, known)
			return known.response(req), nil
		}
	}
	if t.Limit > 0 && t.spent > t.Limit {
		t.halt = &Halt{fmt.Sprintf("its requests took longer than %s together; hint: --skip it, or judge when the target is faster", t.Limit)}
		return nil, t.halt
	}
	err = t.send(req.Context(), e)
	t.spent += e.Duration
	if errors.As(err, &t.halt) || err != nil {
		return nil, err
	}
	t.exchanges = append(t.exchanges, e)
	t.Client.keep(key, e)
	if e.Err != nil {
		return nil, e.Err
	}
	return e.response(req), nil
}

// send sends until the answer is not a 429, or the scenario takes those.
func (t *Tape) send(ctx context.Context, e *Exchange) error {
	c, backoff := t.Client, firstWait
	for attempt := 1; ; attempt++ {
		if err := c.send(ctx, e); err != nil {
			return err
		}
		if e.Status != http.StatusTooManyRequests || t.TakeLimits {
			// If a limit refuses with another status than 429, the scenario
			// judges that: the client does not wait, nor does it take the key
			// for revoked.
			if err := c.repeat(ctx, e, !t.TakeLimits); err != nil || t.TakeLimits {
				return err
			}
			return c.trusts(ctx, e)
		}
		c.limitedOddly(e)
		if err := c.patience(ctx, e, attempt, backoff); err != nil {
			return err
		}
		backoff *= 2
	}
}

// RetryAfter is the wait the answer asks for, from the header or, failing
// that, from a retryAfter member of the body, and whether it names one.
func (e *Exchange) RetryAfter() (time.Duration, bool) {
	header := strings.TrimSpace(e.ResponseHeader.Get("Retry-After"))
	if seconds, err := strconv.Atoi(header); err == nil && seconds >= 0 {
		return time.Duration(seconds) * time.Second, true
	}
	at, err := http.ParseTime(header)
	sent, errDate := http.ParseTime(e.ResponseHeader.Get("Date"))
	if errDate != nil {
		sent = e.At
	}
	if err == nil {
		return max(at.Sub(sent), 0), true
	}
	var body struct {
		RetryAfter *float64 `json:"retryAfter"`
	}
	if decodeInto(e.ResponseBody, &body) && body.RetryAfter != nil && *body.RetryAfter >= 0 {
		return time.Duration(*body.RetryAfter * float64(time.Second)), true
	}
	return 0, false
}

// newExchange copies a request into a new exchange.
func newExchange(req *http.Request) (*Exchange, error) {
	e := &Exchange{Method: req.Method, URL: req.URL.String(), Header: req.Header.Clone()}
	if e.Header == nil {
		e.Header = http.Header{}
	}
	if e.Header.Get("User-Agent") == "" {
		e.Header.Set("User-Agent", "mockdesk-check")
	}
	if req.Body == nil || req.Body == http.NoBody {
		return e, nil
	}
	defer req.Body.Close()
	body, err := io.ReadAll(req.Body)
	e.Body = body
	return e, err
}

// key returns a text that is equal for requests that ask the same.
func (e *Exchange) key() string {
	return e.Method + " " + e.URL + "\n" + strings.Join(headerLines(e.Header), "\n")
}

// request builds the request of the exchange anew.
func (e *Exchange) request(ctx context.Context) (*http.Request, error) {
	var body io.Reader
	if len(e.Body) > 0 {
		body = bytes.NewReader(e.Body)
	}
	req, err := http.NewRequestWithContext(ctx, e.Method, e.URL, body)
	if err != nil {
		return nil, err
	}
	req.Header = e.Header.Clone()
	return req, nil
}

// response is a new copy of the answer.
func (e *Exchange) response(req *http.Request) *http.Response {
	return &http.Response{
		Status: fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)), StatusCode: e.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: e.ResponseHeader.Clone(),
		Body: io.NopCloser(bytes.NewReader(e.ResponseBody)), ContentLength: int64(len(e.ResponseBody)), Request: req,
	}
}
