package mockserver_test

import (
	"bufio"
	"io"
	"net/http"
	"strconv"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

func TestAShutdownCutsDelaysAndStallsShort(t *testing.T) {
	t.Parallel()
	delay := &fault.Latency{Fixed: fault.Duration(fault.MaxDelay)} // lasts as a stall does
	tests := map[string]struct {
		then   fault.Then
		line   string
		body   string
		status int
		whole  bool
	}{
		"a delay":                    {fault.Then{Latency: delay}, "GET " + ticketsPath, "", 200, true},
		"a delay before a refusal":   {fault.Then{Latency: delay, Status: &fault.Status{Code: "503"}}, "GET " + ticketsPath, "", 503, true},
		"a delayed note":             {fault.Then{Latency: delay}, "POST " + messagesPath, noteBody, 201, true},
		"a delayed note in part":     {fault.Then{Latency: delay}, "POST " + messagesPath, noteBody[:9], 400, true},
		"a stall":                    {fault.Then{Body: &fault.Body{StallAfter: new(20)}}, "GET " + ticketsPath, "", 200, false},
		"a stall behind half a note": {fault.Then{Body: &fault.Body{StallAfter: new(0)}, Status: &fault.Status{Code: "503"}}, "POST " + messagesPath, noteBody[:9], 503, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := breakWith(t, test.then)
			c, from := connect(t, b.web)
			headers := []string{bearer + readWrite}
			if test.body != "" {
				headers = append(headers, "Content-Type: application/json", "Content-Length: "+strconv.Itoa(len(noteBody)))
			}
			say(t, c, test.line, headers...)
			if _, err := io.WriteString(c, test.body); err != nil {
				t.Fatal(err)
			}
			<-b.slept
			ended := make(chan error, 1)
			go func() { ended <- b.web.Config.Shutdown(t.Context()) }()
			status, whole := hearSome(t, from)
			same(t, "status", test.status, status)
			same(t, "the answer is whole", test.whole, whole)
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

// A request whose body does not come does not hold a shutdown up.
func TestAShutdownDoesNotWaitForABody(t *testing.T) {
	t.Parallel()
	f, web := serve(t, mockserver.Config{Tickets: 100}, nil)
	c, from := connect(t, web)
	say(t, c, "POST "+messagesPath, bearer+readWrite, "Content-Type: application/json", "Content-Length: 100", "Expect: 100-continue")
	asks, err := http.ReadResponse(from, nil) // it reads the body now
	if err != nil {
		t.Fatal(err)
	}
	same(t, "status", 100, asks.StatusCode)
	if err := web.Config.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	same(t, "status", 400, hear(t, from).StatusCode)
	same(t, "notes", 0, f.Workspace("").Store.Notes())
}

// hearSome reads an answer that may break off.
func hearSome(t *testing.T, from *bufio.Reader) (status int, whole bool) {
	t.Helper()
	a, err := http.ReadResponse(from, nil)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	_, err = io.Copy(io.Discard, a.Body)
	return a.StatusCode, err == nil
}
