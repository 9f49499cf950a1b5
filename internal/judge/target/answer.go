package target

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// explain says why nothing came back.
func (c *Client) explain(ctx context.Context, err error) error {
	var timeout net.Error
	if errors.Is(ctx.Err(), context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return &NoAnswer{Timeout: true, Reason: fmt.Sprintf("no answer within %s", c.config.RequestTimeout)}
	}
	text := err.Error()
	if errors.Is(err, errLarge) {
		return &NoAnswer{Large: true, Reason: text}
	}
	switch {
	case errors.Is(err, io.EOF):
		text = "the connection was closed before an answer"
	case errors.Is(err, io.ErrUnexpectedEOF):
		text = "the connection was closed in the middle of an answer"
	}
	if hint := Hint(err); hint != "" {
		text += "; hint: " + hint
	}
	return &NoAnswer{Reason: text}
}

// Hint says what to type when a server cannot be reached, "" when nothing is
// known that would help.
func Hint(err error) string {
	var unverified *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var notTLS tls.RecordHeaderError
	var name *net.DNSError
	text := err.Error() // of errors without a type
	switch {
	case errors.As(err, &unknown):
		return "--cacert FILE names the certificate to trust, or --insecure verifies none"
	case errors.As(err, &unverified):
		return "--insecure verifies no certificate"
	case strings.Contains(text, "remote error: tls: certificate required"), strings.Contains(text, "remote error: tls: bad certificate"):
		return "--client-cert FILE and --client-key FILE name the certificate to show"
	case errors.As(err, &notTLS), strings.Contains(text, "HTTP response to HTTPS client"):
		return "http:// instead of https://"
	case strings.Contains(text, `malformed HTTP response "\x15\x03`): // an alert of TLS
		return "https:// instead of http://"
	case errors.As(err, &name) && name.IsNotFound:
		return fmt.Sprintf("the name %s does not resolve; is the URL right, and does this machine know the name?", name.Name)
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there: is the server up, and the port of the URL right?"
	}
	return ""
}

// MeantURL returns the URL that the writer of a wrong one most likely meant.
func MeantURL(address string) string {
	if u, err := url.Parse("http://" + address); err == nil && u.Port() != "" && u.Hostname() != "" {
		return u.String()
	}
	return "http://127.0.0.1:4010"
}

// NoAnswer is the error of a request that got no whole answer.
type NoAnswer struct {
	Timeout bool
	Large   bool // there is an answer, but it is larger than BodyLimit
	Reason  string
}

// Error is the reason.
func (n *NoAnswer) Error() string { return n.Reason }

// BodyLimit is how many bytes of one answer are read. A timeline that the
// documentation allows may have 33 MiB.
const BodyLimit = 64 << 20

var errLarge = fmt.Errorf("the answer is larger than %d MiB, and no more is read", BodyLimit>>20)

// ReadBody reads the body of an answer up to BodyLimit. It does not read the
// body of a 101, which is the connection itself: nothing need ever come on it,
// and no time limit applies.
func ReadBody(resp *http.Response) ([]byte, error) {
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return nil, nil
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, BodyLimit+1))
	if err == nil && len(text) > BodyLimit {
		return nil, errLarge
	}
	return text, err
}
