package target

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
)

// explain says why nothing came back.
func (c *Client) explain(ctx context.Context, err error) error {
	var timeout net.Error
	if errors.Is(ctx.Err(), context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return &NoAnswer{Timeout: true, Reason: fmt.Sprintf("no answer within %s", c.config.RequestTimeout)}
	}
	text := err.Error()
	var unverified *tls.CertificateVerificationError
	if errors.As(err, &unverified) {
		text += "; hint: --cacert FILE names the certificate to trust"
	} else if errors.Is(err, io.EOF) {
		text = "the connection was closed before an answer"
	} else if errors.Is(err, io.ErrUnexpectedEOF) {
		text = "the connection was closed in the middle of an answer"
	}
	return &NoAnswer{Reason: text}
}

// NoAnswer is the error of a request that got no whole answer.
type NoAnswer struct {
	Timeout bool
	Reason  string
}

// Error is the reason.
func (n *NoAnswer) Error() string { return n.Reason }

// readAll reads a body up to bodyLimit.
func readAll(body io.ReadCloser) ([]byte, error) {
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, bodyLimit+1))
	if err == nil && len(text) > bodyLimit {
		return nil, fmt.Errorf("the answer is larger than %d MiB", bodyLimit>>20)
	}
	return text, err
}
