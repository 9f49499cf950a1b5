package mockserver

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/mockserver/record"
)

// Target is the server behind a Server that is a proxy.
type Target struct {
	// InboxOps is the address of the server, such as https://staging.example.
	// The path of a request is appended to the path of the address.
	InboxOps string
	// AppHandoff is the address of AppHandoff if it is another server; empty
	// means InboxOps.
	AppHandoff string
	// Verdict judges the answers: verdict.OnResponse, of the package
	// openapi/verdict. Without it the journal marks each as not judged.
	Verdict journal.AnswerVerdict
	// Timeout is how long the header of an answer may take; zero means
	// DefaultTimeout.
	Timeout time.Duration
	// TLS says whom to trust and which certificate to show; nil means the
	// certificates of the machine.
	TLS *tls.Config
	// Transport sends the requests, each once; nil means one that does not use
	// a proxy from the environment. A Transport brings its own Timeout and TLS.
	Transport http.RoundTripper
	// Record records what the target answers to operations; nil means that
	// nothing is recorded.
	Record *record.Recorder
}

// DefaultTimeout is how long the header of a target's answer may take.
const DefaultTimeout = 30 * time.Second

const (
	// mostAnswerHeader is the largest header of a target's answer, in bytes.
	mostAnswerHeader = 256 << 10
	// spare is how many idle connections to a target are kept, and sparedFor is
	// for how long: less than servers keep theirs, since a request over a
	// connection that the target has closed is not repeated.
	spare     = 100
	sparedFor = 3 * time.Second
)

// target is a Target that was checked and completed.
type target struct {
	inboxops, apphandoff *url.URL
	transport            http.RoundTripper
	buffers              buffers
	timeout              time.Duration
	record               *record.Recorder
}

// newTarget checks and completes a Target; it returns nil for nil.
func newTarget(t *Target) (*target, error) {
	if t == nil {
		return nil, nil
	}
	end := &target{transport: t.Transport, timeout: t.Timeout, record: t.Record}
	if end.timeout == 0 {
		end.timeout = DefaultTimeout
	}
	if end.timeout < 0 {
		return nil, hint.Errorf(DefaultTimeout.String(), "a timeout of %v is no time to wait", end.timeout)
	}
	var err error
	if end.inboxops, err = address(t.InboxOps); err != nil {
		return nil, err
	}
	if end.apphandoff = end.inboxops; t.AppHandoff != "" {
		if end.apphandoff, err = address(t.AppHandoff); err != nil {
			return nil, err
		}
	}
	if end.transport == nil {
		end.transport = newTransport(end.timeout, t.TLS)
	}
	return end, nil
}

// address reads the address of a target.
func address(text string) (*url.URL, error) {
	const example = "https://staging.example"
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, hint.Errorf(example, "%q is not the address of a target", text)
	case u.User != nil:
		return nil, hint.Errorf(example+"; clients bring the keys", "the address of the target holds a user or a password")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, hint.Errorf(example, "the address of a target ends with its path, and %q does not", text)
	}
	u.RawPath = strings.TrimRight(u.EscapedPath(), "/")
	u.Path = strings.TrimRight(u.Path, "/")
	return u, nil
}

// newTransport returns a transport that sends requests to the target only.
func newTransport(timeout time.Duration, trust *tls.Config) *http.Transport {
	dialer := &net.Dialer{Timeout: min(timeout, 10*time.Second)}
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return impatient{c, timeout}, nil
		},
		TLSClientConfig: trust, TLSHandshakeTimeout: dialer.Timeout, ForceAttemptHTTP2: true,
		DisableCompression: true, ResponseHeaderTimeout: timeout, ExpectContinueTimeout: time.Second,
		MaxResponseHeaderBytes: mostAnswerHeader, MaxIdleConnsPerHost: spare, IdleConnTimeout: sparedFor,
	}
}

// impatient is a connection to a target that must accept what it is sent in
// time.
type impatient struct {
	net.Conn
	timeout time.Duration
}

// Write sends on, and fails when the target takes nothing for too long.
func (c impatient) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(clock.Machine().Add(c.timeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// alone refuses settings that a proxy cannot use, because it has no world.
func (c Config) alone() error {
	const leave = "leave it out"
	switch {
	case c.Target == nil:
		return nil
	case !c.Case.IsZero():
		return hint.Errorf(leave, "a case says what a fake answers, and a proxy answers what its target does")
	case len(c.Workspaces) > 0:
		return hint.Errorf(leave, "keys open the workspaces of a fake, and a proxy knows no keys")
	case c.Life != (life.Rate{}):
		return hint.Errorf(leave, "a fake lives, and a proxy has no tickets")
	}
	return nil
}
