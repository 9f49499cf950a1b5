package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// maxAnswer is the size in bytes up to which an answer is read.
const maxAnswer = 64 << 20

// clientFlags are the flags of commands that ask a server.
type clientFlags struct {
	cacert string
}

// declare declares the flags.
func (f *clientFlags) declare(flags *pflag.FlagSet) {
	flags.StringVar(&f.cacert, "cacert", "", "`file` of a certificate to trust (PEM), such as serve --tls-write writes")
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
	answer, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return nil, distrust(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", address, answer.Status)
	}
	return body, err
}

// distrust tells what to type when the certificate of a server is unknown.
func distrust(err error) error {
	var unverified *tls.CertificateVerificationError
	if errors.As(err, &unverified) {
		return &failure{code: exitRun, err: err, hint: "--cacert FILE names the certificate to trust; serve --tls self-signed --tls-write FILE writes it"}
	}
	return err
}
