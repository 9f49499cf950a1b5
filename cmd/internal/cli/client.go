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

	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/internal/plain"
)

// clientFlags are the flags of commands that ask a server.
type clientFlags struct {
	cacert     string
	insecure   bool
	clientCert string
	clientKey  string
	headers    []string // as "Name: value"
	token      string   // of the control API; empty is none
}

func (f *clientFlags) declare(flags *pflag.FlagSet) {
	f.declareTLS(flags)
	flags.StringArrayVar(&f.headers, "header", nil, "`header` to send with every request, as 'Name: value', such as a gateway asks for; may be repeated")
}

// declareTLS declares the flags that say whom to trust.
func (f *clientFlags) declareTLS(flags *pflag.FlagSet) {
	flags.StringVar(&f.cacert, "cacert", "", "`file` of a certificate to trust (PEM), such as serve --tls-write writes")
	flags.BoolVar(&f.insecure, "insecure", false, "verify no certificate: whoever is on the way can read the keys")
	flags.StringVar(&f.clientCert, "client-cert", "", "`file` of a certificate to show to the server (PEM)")
	flags.StringVar(&f.clientKey, "client-key", "", "`file` of the key of that certificate (PEM)")
}

// declareToken declares the flag of commands that ask the control API.
func (f *clientFlags) declareToken(flags *pflag.FlagSet) {
	flags.StringVar(&f.token, "admin-token", "", "`token` that the server's control API asks for")
}

// transport returns the transport that sends the requests.
func (f *clientFlags) transport() (*http.Transport, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	trust, err := f.trust()
	if trust != nil {
		transport.TLSClientConfig = trust
	}
	return transport, err
}

// trust is what the flags say about TLS, nil for nothing.
func (f *clientFlags) trust() (*tls.Config, error) {
	if !f.ownTLS() {
		return nil, nil
	}
	pool, err := f.pool()
	if err != nil {
		return nil, err
	}
	shown, err := f.shown()
	if err != nil {
		return nil, err
	}
	return &tls.Config{RootCAs: pool, Certificates: shown, InsecureSkipVerify: f.insecure}, nil // --insecure says so loudly
}

// ownTLS reports whether a flag says something about TLS.
func (f *clientFlags) ownTLS() bool {
	return f.cacert != "" || f.insecure || f.clientCert != "" || f.clientKey != ""
}

// pool are the certificates to trust, nil for those of the machine.
func (f *clientFlags) pool() (*x509.CertPool, error) {
	if f.cacert == "" {
		return nil, nil
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
	return pool, nil
}

// shown are the certificates that the server may ask for.
func (f *clientFlags) shown() ([]tls.Certificate, error) {
	const hint = "--client-cert FILE --client-key FILE, both in PEM form"
	switch {
	case f.clientCert == "" && f.clientKey == "":
		return nil, nil
	case f.clientCert == "":
		return nil, usage(hint, "--client-key comes without --client-cert")
	case f.clientKey == "":
		return nil, usage(hint, "--client-cert comes without --client-key")
	}
	pair, err := tls.LoadX509KeyPair(f.clientCert, f.clientKey)
	if err != nil {
		return nil, usage(hint, "cannot use the client's certificate: %w", err)
	}
	return []tls.Certificate{pair}, nil
}

// warn says loudly that nothing is verified.
func (f *clientFlags) warn(t Terminal) {
	if f.insecure {
		fmt.Fprintln(t.Stderr, "mockdesk: warning: --insecure: no certificate is verified, and whoever is on the way can read the keys")
	}
}

// baseURL checks the address of a server and cuts trailing slashes off.
func baseURL(text string) (string, error) {
	parsed, err := url.Parse(text)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" {
		return "", usage(target.MeantURL(text), "%q is not the address of a server", text)
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
	header, err := f.header()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header = header
	if f.token != "" {
		request.Header.Set("Authorization", "Bearer "+f.token)
	}
	answer, err := (&http.Client{Transport: transport, CheckRedirect: stripHeaders}).Do(request)
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

// refusal reads what a server answers instead of 200.
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

// stripHeaders drops the headers of the call from a redirect to another host or scheme.
func stripHeaders(next *http.Request, via []*http.Request) error {
	const most = 10
	if len(via) >= most {
		return errors.New("too many redirects")
	}
	if !target.SameOrigin(via[0].URL, next.URL) {
		next.Header = http.Header{}
	}
	return nil
}

// distrust makes an error about certificates a failure that says what to type:
// asking again would not help.
func distrust(err error) error {
	hint := target.Hint(err)
	_, unverified := errors.AsType[*tls.CertificateVerificationError](err)
	if unverified || strings.HasPrefix(hint, "--client-cert") {
		return fail(exitRun, hint, "%w", err)
	}
	return err
}
