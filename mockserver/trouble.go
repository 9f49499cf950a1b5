package mockserver

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
)

// errNoAnswer means that what the target sends is not an answer.
var errNoAnswer = errors.New("answers")

// trouble says why a target does not answer, without quoting the target: it may
// send back what it was sent, such as a key.
func (t *target) trouble(err error) *problem.Error {
	kind, reason := problem.BadGateway, "has broken the connection before the end of its header; nothing is sent twice"
	var timeout net.Error
	var dial *net.OpError
	text := err.Error()
	switch {
	case errors.Is(err, errNoAnswer):
		reason = text
	case isDistrust(err):
		reason = "shows a certificate that is not trusted: " + strings.TrimPrefix(text, "tls: ") + "; hint: --cacert names one to trust"
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		kind, reason = problem.GatewayTimeout, "has sent no header of an answer within "+t.timeout.String()
		if errors.As(err, &dial) && dial.Op == "dial" {
			reason = "cannot be reached: " + text
		}
	case errors.As(err, &dial) && dial.Op == "dial":
		reason = "cannot be reached: " + text
	case slices.ContainsFunc([]string{"malformed", "invalid", "unsupported", "bad Content-Length"}, func(s string) bool { return strings.Contains(text, s) }):
		reason = "answers what is no HTTP"
	case strings.Contains(text, "exceed"):
		reason = "sends a header without end"
	case strings.Contains(text, "tls:"):
		reason = "does not agree on TLS"
	case errors.Is(err, io.EOF):
		reason = "has ended the connection without an answer; nothing is sent twice"
	}
	e := problem.Newf(kind, "The target of this proxy %s.", reason)
	return e.Because("the target " + reason)
}

// isDistrust reports whether there is no answer because of a certificate.
func isDistrust(err error) bool {
	var unverified *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	return errors.As(err, &unverified) || errors.As(err, &unknown)
}
