package cli_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
)

// TestWrongCallsOfWhatReachesAServer are exit code 2 and show no value.
func TestWrongCallsOfWhatReachesAServer(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"a header without a colon":           {"--header", "opensesame"},
		"a header without a name":            {"--header", ": opensesame"},
		"a header whose name has a space":    {"--header", "X Gate: opensesame"},
		"a header with a control character":  {"--header", "X-Gate: open\x1bsesame"},
		"a second line that is no header":    {"--header", "X-Gate: a\nopensesame"},
		"the header of the key":              {"--header", "AUTHORIZATION: opensesame"},
		"the header of the host":             {"--header", "Host: opensesame"},
		"a header of the connection":         {"--header", "transfer-encoding: opensesame"},
		"a header for a proxy":               {"--header", "Proxy-Authorization: opensesame"},
		"a certificate without its key":      {"--client-cert", "c.pem"},
		"a key without its certificate":      {"--client-key", "k.pem"},
		"a certificate that cannot be read":  {"--client-cert", "no/c.pem", "--client-key", "no/k.pem"},
		"a certificate to trust that is not": {"--cacert", "no/c.pem"},
		"a key with a space in it":           {"--key", "ixk_a opensesame"},
		"a write ticket that is none":        {"--write-ticket", "T-7"},
	}
	for name, args := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := told(t.Context(), append([]string{"check", "http://127.0.0.1:1"}, args...)...)
			if code != 2 || stdout != "" || !strings.Contains(stderr, "\nhint: ") || strings.Contains(stderr, "sesame") {
				t.Errorf("exit code %d with %q and %q, want 2 and a hint", code, stdout, stderr)
			}
		})
	}
}

// TestRedirectsAreFollowedIfThatIsSaid judges a fake that is under another path.
func TestRedirectsAreFollowedIfThatIsSaid(t *testing.T) {
	if race.Enabled {
		t.Skip("it judges one request after the other")
	}
	t.Parallel()
	fake, err := mockserver.New(mockserver.Config{})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/v2/", http.StripPrefix("/v2", fake))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/v2"+r.URL.RequestURI(), http.StatusPermanentRedirect)
	})
	web := httptest.NewServer(mux)
	defer web.Close()
	args := []string{"check", web.URL, "--key", "ixk_test_readwrite", "--only", "IO-AUTH-0[1-3],IO-LIST-TICKETS-0*"}
	if code, stdout, _ := told(t.Context(), args...); code != 1 || !strings.Contains(stdout, "it redirects to "+web.URL+"/v2/api/v1/tickets; hint: --follow") {
		t.Errorf("exit code %d, want 1\n%s", code, stdout)
	}
	if code, stdout, _ := told(t.Context(), append(args, "--follow")...); code != 0 {
		t.Errorf("exit code %d, want 0\n%s", code, stdout)
	}
}

// TestACertificateIsShown has a server that asks for one.
func TestACertificateIsShown(t *testing.T) {
	t.Parallel()
	web := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"status":"ok"}`) }))
	web.TLS, web.Config.ErrorLog = &tls.Config{ClientAuth: tls.RequireAnyClientCert}, log.New(io.Discard, "", 0)
	web.StartTLS()
	defer web.Close()
	key, err := x509.MarshalPKCS8PrivateKey(web.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	cert, secret := filepath.Join(t.TempDir(), "c.pem"), filepath.Join(t.TempDir(), "k.pem")
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: web.Certificate().Raw}, secret: {Type: "PRIVATE KEY", Bytes: key}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, _, stderr := told(t.Context(), "health", web.URL, "--cacert", cert)
	if code != 1 || !strings.Contains(stderr, "\nhint: --client-cert FILE and --client-key FILE") {
		t.Errorf("exit code %d with %q, want 1 and what to type", code, stderr)
	}
	code, stdout, stderr := told(t.Context(), "health", web.URL, "--cacert", cert, "--client-cert", cert, "--client-key", secret)
	if code != 0 || stdout != "ok\n" {
		t.Errorf("exit code %d with %q", code, stderr)
	}
}

// TestTheTwinHasAHeaderALine sets the variable instead of the flag.
func TestTheTwinHasAHeaderALine(t *testing.T) {
	t.Parallel()
	var came http.Header
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		came = r.Header
		fmt.Fprint(w, `{"status":"ok"}`)
	}))
	defer web.Close()
	code, _, _ := toldWith(t.Context(), map[string]string{"MOCKDESK_HEADER": "X-Gate: a, b\nX-Door: c\n"}, "health", web.URL)
	if code != 0 || came.Get("X-Gate") != "a, b" || came.Get("X-Door") != "c" {
		t.Errorf("exit code %d, what came is %v", code, came)
	}
}

// TestHeadersStayOnTheirHost fetches facts and a catalog that are elsewhere.
func TestHeadersStayOnTheirHost(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Gate") != "" || r.Header.Get("Authorization") != "" {
			t.Errorf("%s came with %v", r.URL, r.Header)
		}
		fmt.Fprint(w, "{}")
	}))
	defer elsewhere.Close()
	gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Gate") != "opensesame" {
			t.Errorf("%s came without the header", r.URL)
		}
		http.Redirect(w, r, elsewhere.URL, http.StatusFound)
	}))
	defer gate.Close()
	header := []string{"--header", "X-Gate: opensesame", "--admin-token", "t0ken"}
	told(t.Context(), append([]string{"catalog", gate.URL}, header...)...)
	told(t.Context(), append([]string{"check", gate.URL, "--facts", gate.URL, "--key", "ixk_x"}, header...)...)
	told(t.Context(), "check", gate.URL, "--facts", elsewhere.URL, "--key", "ixk_x", "--header", "X-Gate: opensesame")
}
