package target_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// peer accepts connections, reads the head of a request and does the rest as
// told. It returns its address, such as 127.0.0.1:40123.
func peer(t *testing.T, rest func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	t.Cleanup(func() { l.Close(); close(ended) })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = http.ReadRequest(bufio.NewReader(c))
				rest(c)
				<-ended
			}()
		}
	}()
	return l.Addr().String()
}

// says writes a text once.
func says(text string) func(net.Conn) {
	return func(c net.Conn) { _, _ = io.WriteString(c, text) }
}

// repeats writes a text after another again and again, until nobody reads.
func repeats(first, again string) func(net.Conn) {
	return func(c net.Conn) {
		_, err := io.WriteString(c, first)
		for err == nil {
			_, err = io.WriteString(c, again)
		}
	}
}

// look sends one GET to an address with a request timeout and returns the
// exchange and the error.
func look(ctx context.Context, t *testing.T, address string, timeout time.Duration) (*target.Exchange, error) {
	t.Helper()
	client := target.New(target.Config{
		Endpoints: map[clause.API]target.Endpoint{clause.InboxOps: {Base: address}}, RequestTimeout: timeout,
	})
	t.Cleanup(client.Close)
	tape := &target.Tape{Client: client}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/tickets", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	_, err = tape.Do(r)
	return tape.Last(), err
}

// TestNoPeerHoldsARequestForLonger has peers that never come to an end. The
// test itself would not end if one of them held the client.
func TestNoPeerHoldsARequestForLonger(t *testing.T) {
	t.Parallel()
	chunk := "8000\r\n" + strings.Repeat("x", 0x8000) + "\r\n"
	tests := map[string]struct {
		rest    func(net.Conn)
		scheme  string
		timeout time.Duration // 0 means that the time does not matter
		want    string        // a part of the error
	}{
		"one that never answers":              {says(""), "http", 100 * time.Millisecond, "no answer within 100ms"},
		"a handshake that never comes":        {says(""), "https", 100 * time.Millisecond, "no answer within 100ms"},
		"half a header":                       {says("HTTP/1.1 200 OK\r\nContent-Ty"), "http", 100 * time.Millisecond, "no answer within 100ms"},
		"a body that stops":                   {says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), "http", 100 * time.Millisecond, "no answer within 100ms"},
		"a connection that is never closed":   {says("HTTP/1.1 200 OK\r\n\r\n{}"), "http", 100 * time.Millisecond, "no answer within 100ms"},
		"100 and nothing more":                {says("HTTP/1.1 100 Continue\r\n\r\n"), "http", 100 * time.Millisecond, "no answer within 100ms"},
		"a flood of 100":                      {repeats("", "HTTP/1.1 100 Continue\r\n\r\n"), "http", 0, "headers exceeded"},
		"a flood of 103":                      {repeats("", "HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n"), "http", 0, "headers exceeded"},
		"headers without end":                 {repeats("HTTP/1.1 200 OK\r\n", "X-More: "+strings.Repeat("x", 4000)+"\r\n"), "http", 0, "headers exceeded"},
		"a header line without end":           {repeats("HTTP/1.1 200 OK\r\nX-More: ", strings.Repeat("x", 4000)), "http", 0, "headers exceeded"},
		"a status line without end":           {repeats("HTTP/1.1 200 ", strings.Repeat("x", 4000)), "http", 0, "headers exceeded"},
		"chunks without end":                  {repeats("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk), "http", 0, "the answer is larger than 64 MiB, and no more is read"},
		"a body without length and end":       {repeats("HTTP/1.1 200 OK\r\n\r\n", chunk), "http", 0, "the answer is larger than 64 MiB, and no more is read"},
		"what is no HTTP":                     {says("SSH-2.0-OpenSSH_9.6\r\n"), "http", 0, "malformed HTTP response"},
		"plain HTTP where TLS was asked":      {says("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), "https", 0, "hint: http:// instead of https://"},
		"what is no TLS where that was asked": {says("220 mail.example ESMTP, and more words\r\n"), "https", 0, "hint: http:// instead of https://"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timeout := tc.timeout
			if timeout == 0 {
				timeout = time.Minute
			}
			_, err := look(t.Context(), t, tc.scheme+"://"+peer(t, tc.rest), timeout)
			none := (*target.NoAnswer)(nil)
			if !errors.As(err, &none) || !strings.Contains(none.Reason, tc.want) || none.Timeout != (tc.timeout > 0) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

// TestSwitchingProtocolsIsAnAnswer has a peer that keeps the connection after
// 101, which no time limit of net/http ends.
func TestSwitchingProtocolsIsAnAnswer(t *testing.T) {
	t.Parallel()
	address := "http://" + peer(t, says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"))
	e, err := look(t.Context(), t, address, time.Minute)
	if err != nil || e.Status != http.StatusSwitchingProtocols || len(e.ResponseBody) != 0 {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestHTTPWhereTLSIsSpoken(t *testing.T) {
	t.Parallel()
	web := httptest.NewUnstartedServer(http.NotFoundHandler())
	web.Config.ErrorLog = log.New(io.Discard, "", 0)
	web.StartTLS()
	defer web.Close()
	e, err := look(t.Context(), t, "http://"+web.Listener.Addr().String(), time.Minute)
	if err != nil || e.Status != http.StatusBadRequest || !strings.Contains(string(e.ResponseBody), "HTTPS") {
		t.Errorf("%+v, %v", e, err)
	}
}

// TestAStopEndsWhatTheClientWaitsFor stops the run while the client waits for
// an answer, for its body, for the end of a rate limit and for its pace.
func TestAStopEndsWhatTheClientWaitsFor(t *testing.T) {
	t.Parallel()
	const limited = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n"
	tests := map[string]struct {
		answer string
		rps    float64
	}{
		"an answer":     {"", 0},
		"a body":        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", 0},
		"a 429":         {limited, 0},
		"a second turn": {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 0.001},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithCancel(t.Context())
			address := "http://" + peer(t, func(c net.Conn) {
				says(tc.answer)(c)
				if tc.answer != limited && tc.rps == 0 {
					stop()
				}
			})
			client := target.New(target.Config{
				Endpoints: map[clause.API]target.Endpoint{clause.InboxOps: {Base: address}}, RPS: tc.rps,
				RequestTimeout: time.Minute, OnWait: func(time.Duration, string) { stop() },
			})
			defer client.Close()
			tape := &target.Tape{Client: client, Fresh: true}
			var err error
			for range 2 {
				r, _ := http.NewRequestWithContext(ctx, http.MethodGet, address+"/tickets", http.NoBody)
				_, err = tape.Do(r)
			}
			halt := (*target.Halt)(nil)
			if !errors.As(err, &halt) || halt.Reason != "the run was stopped" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestTheTimeForTheRunIsOver(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithTimeout(t.Context(), time.Millisecond)
	defer stop()
	_, err := look(ctx, t, "http://"+peer(t, says("")), time.Minute)
	if err == nil || err.Error() != "the time for the run was over" {
		t.Errorf("got %v", err)
	}
}
