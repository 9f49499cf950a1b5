package target_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// certificate makes a certificate that signs itself.
func certificate(t *testing.T, until time.Time, address string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: until.AddDate(-1, 0, 0), NotAfter: until, IPAddresses: []net.IP{net.ParseIP(address)}}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// TestACertificateThatIsNotTakenSaysWhatToType asks servers over TLS.
func TestACertificateThatIsNotTakenSaysWhatToType(t *testing.T) {
	t.Parallel()
	later := time.Now().AddDate(0, 1, 0)
	tests := map[string]struct {
		until   time.Time
		address string
		trusted bool
		asks    tls.ClientAuthType
		want    []string
	}{
		"one that nobody knows":         {later, "127.0.0.1", false, 0, []string{"unknown authority", "hint: --cacert FILE names the certificate to trust, or --insecure"}},
		"one that is over":              {time.Now().AddDate(0, -1, 0), "127.0.0.1", true, 0, []string{"expired", "hint: --insecure"}},
		"one of another name":           {later, "192.0.2.1", true, 0, []string{"valid for 192.0.2.1, not 127.0.0.1", "hint: --insecure"}},
		"one that the client must show": {later, "127.0.0.1", true, tls.RequireAnyClientCert, []string{"certificate required", "hint: --client-cert FILE and --client-key FILE"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			own, pool := certificate(t, tc.until, tc.address)
			web := httptest.NewUnstartedServer(http.NotFoundHandler())
			web.Config.ErrorLog = log.New(io.Discard, "", 0)
			web.TLS = &tls.Config{Certificates: []tls.Certificate{own}, ClientAuth: tc.asks}
			web.StartTLS()
			defer web.Close()
			if !tc.trusted {
				pool = x509.NewCertPool()
			}
			transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
			defer transport.CloseIdleConnections()
			client := target.New(target.Config{Transport: transport, Endpoints: map[clause.API]target.Endpoint{clause.InboxOps: {Base: web.URL}}})
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web.URL+"/tickets", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			_, err = (&target.Tape{Client: client}).Do(r)
			for _, want := range tc.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q", err, want)
				}
			}
		})
	}
}

func TestHintsAboutTheAddress(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	tests := map[string]struct{ address, want string }{
		"a port at which nobody listens": {"http://" + l.Addr().String(), "connection refused; hint: nothing listens there"},
		"a port of TLS":                  {"http://" + peer(t, says("\x15\x03\x01\x00\x02\x02\x0a")), "hint: https:// instead of http://"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := look(t.Context(), t, tc.address, time.Minute)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
	unknown := &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "desk.invalid", IsNotFound: true}}
	if hint := target.Hint(unknown); !strings.HasPrefix(hint, "the name desk.invalid does not resolve") {
		t.Errorf("the hint about a name is %q", hint)
	}
}
