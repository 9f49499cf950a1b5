package mockserver_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// secure answers over TLS, with or without HTTP/2.
func secure(t *testing.T, f *fake, http2 bool) *httptest.Server {
	t.Helper()
	web := httptest.NewUnstartedServer(nil)
	web.Config = f.HTTP()
	web.EnableHTTP2 = http2
	web.StartTLS()
	web.Client().Transport.(*http.Transport).DisableKeepAlives = !http2 // else it asks again after a failure
	t.Cleanup(web.Close)
	return web
}

func TestFaultsOverTLS(t *testing.T) {
	t.Parallel()
	cut := new(20)
	tests := map[string]struct {
		http2 bool
		then  fault.Then
		check func(error) bool
	}{
		"a reset is one":                      {false, fault.Then{Connection: fault.Reset}, func(err error) bool { return errors.Is(err, syscall.ECONNRESET) }},
		"a reset ends a stream of HTTP/2":     {true, fault.Then{Connection: fault.Reset}, streamError},
		"a closed connection has no answer":   {false, fault.Then{Connection: fault.Close}, func(err error) bool { return errors.Is(err, io.EOF) }},
		"so has a closed stream of HTTP/2":    {true, fault.Then{Connection: fault.Close}, streamError},
		"a body is cut":                       {false, fault.Then{Body: &fault.Body{CutAfter: cut}}, func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		"a body is cut in a stream of HTTP/2": {true, fault.Then{Body: &fault.Body{CutAfter: cut}}, streamError},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, mockserver.Config{Tickets: 100})
			web := secure(t, f, test.http2)
			if _, err := f.Workspace("").Inject(fault.Rule{When: fault.When{Nth: 2}, Then: test.then}); err != nil {
				t.Fatal(err)
			}
			if proto, err := read(t, web); err != nil || strings.HasPrefix(proto, "HTTP/2") != test.http2 {
				t.Fatalf("before the fault: %s, %v", proto, err)
			}
			if _, err := read(t, web); err == nil || !test.check(err) {
				t.Errorf("got the error %v", err)
			}
			if _, err := read(t, web); err != nil {
				t.Errorf("after the fault: %v", err)
			}
			if e, _ := f.Workspace("").Journal.Get(1); e.Scheme != "https" || !strings.HasPrefix(e.Curl(), "curl -sS -i 'https://") {
				t.Errorf("the journal has %s", e.Curl())
			}
		})
	}
}

// streamError reports whether the error is of one stream, whose connection goes on.
func streamError(err error) bool {
	return strings.Contains(err.Error(), "stream error")
}

// read asks for tickets and reads the answer to its end.
func read(t *testing.T, web *httptest.Server) (proto string, err error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", web.URL+ticketsPath, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+readWrite)
	answer, err := web.Client().Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.Proto, err
}
