package mockserver_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
)

// many joins n texts.
func many(n int, text func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(text(i))
	}
	return b.String()
}

// plainLines are the lines of an ordinary request's header.
const plainLines = "Host: a\r\nAuthorization: Bearer " + readWrite + "\r\n"

// asking is a request whose target and further lines are odd.
func asking(target, lines string) string {
	return "GET " + target + " HTTP/1.1\r\n" + plainLines + lines + "\r\n"
}

// twice is a note that names one member many times.
var twice = "{" + strings.Repeat(`"":1,`, 600) + `"type":""}`

// oddRequests hold more than their texts, each in a way of its own.
var oddRequests = map[string]string{
	"an ordinary one":             asking(ticketsPath, ""),
	"lines of one letter":         asking(ticketsPath, many(7000, func(i int) string { return fmt.Sprintf("%c:b\r\n", 'a'+i%26) })),
	"lines of many names":         asking(ticketsPath, many(3000, func(i int) string { return fmt.Sprintf("x%d:b\r\n", i) })),
	"some lines of one name":      asking(ticketsPath, strings.Repeat("a:b\r\n", 300)),
	"a long line":                 asking(ticketsPath, "X-A: "+strings.Repeat("u", 15000)+"\r\n"),
	"a longer line than is kept":  asking(ticketsPath, "X-A: "+strings.Repeat("u", 50000)+"\r\n"),
	"a long method":               strings.Repeat("M", 40000) + asking(ticketsPath, "")[len("GET"):],
	"a long user in the address":  asking("http://"+strings.Repeat("u", 40000)+"@a"+ticketsPath, ""),
	"many unknown parameters":     asking(ticketsPath+"?"+many(1500, func(i int) string { return fmt.Sprintf("a%d&", i) }), ""),
	"a parameter many times":      asking(ticketsPath+"?"+strings.Repeat("page=1&", 1000), ""),
	"a member that is many times": fmt.Sprintf("POST %s HTTP/1.1\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", messagesPath, plainLines, len(twice), twice),
}

// heldNow returns what is held.
func heldNow() float64 {
	var m runtime.MemStats
	for range 3 { // pools let go of things in two rounds
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// The journal holds about what it says, whatever clients send.
func TestJournalHoldsWhatItSays(t *testing.T) { // not parallel: others would be counted
	if race.Enabled {
		t.Skip("it measures memory")
	}
	for name, raw := range oddRequests {
		t.Run(name, func(t *testing.T) {
			f := start(t, mockserver.Config{Tickets: 30})
			web := listen(t, f, nil)
			c := dial(t, web.URL)
			in := bufio.NewReader(c)
			send := func() {
				if _, err := io.WriteString(c, raw); err != nil {
					t.Fatal(err)
				}
				answer, err := http.ReadResponse(in, nil)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, answer.Body); err != nil {
					t.Fatal(err)
				}
			}
			j := f.Workspace("").Journal
			send() // what is made once is made then
			j.Clear()
			before := heldNow()
			for range 400 {
				send()
			}
			held, said := heldNow()-before, float64(j.Bytes())
			if held > 1.5*said {
				t.Errorf("%d requests hold %.2f MB, and the journal says %.2f MB", j.Len(), held/1e6, said/1e6)
			}
			runtime.KeepAlive(f)
		})
	}
}
