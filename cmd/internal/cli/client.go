package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/mockdesk/mockdesk/conformance/target"
	"github.com/mockdesk/mockdesk/internal/plain"
)

// clientFlags are the flags of commands that ask a server.
type clientFlags struct {
	cacert string
	token  string // of the control API; empty is none
}

// declare declares the flags.
func (f *clientFlags) declare(flags *pflag.FlagSet) {
	flags.StringVar(&f.cacert, "cacert", "", "`file` of a certificate to trust (PEM), such as serve --tls-write writes")
}

// declareToken declares the flag of commands that ask the control API.
func (f *clientFlags) declareToken(flags *pflag.FlagSet) {
	flags.StringVar(&f.token, "admin-token", "", "`token` that the server's control API asks for, to read its catalog")
}

// transport returns what sends requests.
func (f *clientFlags) transport() (*http.Transport, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if f.cacert == "" {
		return transport, nil
	}
	text, err := os.ReadFile(f.cacert)
	if err != nil {
		return nil, usage("--cacert names the file that serve --tls-write wrote", "cannot read the certificate: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a machine without certificates of its own
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, usage("--cacert names the file that serve --tls-write wrote", "%s holds no certificate in PEM form", f.cacert)
	}
	transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	return transport, nil
}

// baseURL checks the address of a server and cuts trailing slashes off.
func baseURL(text string) (string, error) {
	parsed, err := url.Parse(text)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" {
		return "", usage("http://127.0.0.1:4010", "%q is not the address of a server", text)
	}
	return strings.TrimRight(text, "/"), nil
}

// fetch gets an address within a time.
func (f *clientFlags) fetch(ctx context.Context, address string, within time.Duration) ([]byte, error) {
	transport, err := f.transport()
	if err != nil {
		return nil, err
	}
	defer transport.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	if f.token != "" {
		request.Header.Set("Authorization", "Bearer "+f.token)
	}
	answer, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return nil, distrust(err)
	}
	body, err := target.ReadBody(answer)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the answer of %s cannot be read: %w", address, err)
	case answer.StatusCode != http.StatusOK:
		return nil, refusal(address, answer, body)
	}
	return body, nil
}

// refused is an answer other than 200.
type refused struct {
	address string
	status  string
	code    int
	// Reason and Hint are the server's own words, if it is mockdesk.
	Reason string `json:"error"`
	Hint   string `json:"hint"`
}

// refusal reads what a server answers instead.
func refusal(address string, answer *http.Response, body []byte) error {
	r := &refused{address: address, status: answer.Status, code: answer.StatusCode}
	_ = json.Unmarshal(body, r) // another server has words of another form
	r.status, r.Reason, r.Hint = plain.Line(r.status), plain.Line(r.Reason), plain.Line(r.Hint)
	return r
}

// Error says what was answered, and why.
func (r *refused) Error() string {
	text := r.address + " answers " + r.status
	if r.Reason != "" {
		text += ": " + r.Reason
	}
	return text
}

// distrust tells what to type when the certificate of a server is unknown.
func distrust(err error) error {
	var unverified *tls.CertificateVerificationError
	if errors.As(err, &unverified) {
		return &failure{code: exitRun, err: err, hint: "--cacert FILE names the certificate to trust; serve --tls self-signed --tls-write FILE writes it"}
	}
	return err
}
