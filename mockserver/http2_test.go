package mockserver_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/mockdesk/mockdesk/mockserver"
)

// TestStreamsOfOneConnection opens more streams than a connection may have, whose
// answers do not end: one more is an error of the client until one of them has
// ended. It writes its frames itself, for a client of net/http decides by its own
// clock which of its requests go out on which connection.
func TestStreamsOfOneConnection(t *testing.T) {
	t.Parallel()
	const most = 64
	f := start(t, mockserver.Config{Tickets: 30, Sleep: idle})
	c := http2Client(t, secure(t, f, true))
	if got, _ := c.settings.Value(http2.SettingMaxConcurrentStreams); got != most {
		t.Errorf("the server tells of %d streams, want %d", got, most)
	}
	for n := range most {
		if got := c.open(t, stream(n)); got != "an answer" {
			t.Fatalf("stream %d of %d has %s", n+1, most, got)
		}
	}
	if got := c.open(t, stream(most)); got != http2.ErrCodeProtocol.String() {
		t.Errorf("one stream more has %s", got)
	}
	must(t, c.WriteRSTStream(stream(0), http2.ErrCodeCancel))
	if got := c.open(t, stream(most+1)); got != "an answer" {
		t.Errorf("a stream after one that has ended has %s", got)
	}
}

// stream returns the id of the n-th stream that a client opens.
func stream(n int) uint32 { return uint32(2*n + 1) }

// frames is the client's side of a connection.
type frames struct {
	*http2.Framer
	authority string
	settings  *http2.SettingsFrame // of the server
}

// http2Client connects and sees to the settings of both sides.
func http2Client(t *testing.T, web *httptest.Server) *frames {
	t.Helper()
	config := web.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	config.NextProtos = []string{http2.NextProtoTLS}
	authority := web.Listener.Addr().String()
	conn, err := tls.Dial("tcp", authority, config)
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	c := &frames{Framer: http2.NewFramer(conn, conn), authority: authority}
	_, err = io.WriteString(conn, http2.ClientPreface)
	must(t, err)
	must(t, c.WriteSettings())
	frame, err := c.ReadFrame()
	must(t, err)
	c.settings = frame.(*http2.SettingsFrame)
	must(t, c.WriteSettingsAck())
	return c
}

// open asks for the stream of events and tells what comes of it.
func (c *frames) open(t *testing.T, id uint32) string {
	t.Helper()
	var block bytes.Buffer
	fields := hpack.NewEncoder(&block)
	for _, f := range []hpack.HeaderField{
		{Name: ":method", Value: "GET"},
		{Name: ":scheme", Value: "https"},
		{Name: ":authority", Value: c.authority},
		{Name: ":path", Value: "/_mockdesk/events/stream"},
	} {
		must(t, fields.WriteField(f))
	}
	must(t, c.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block.Bytes(), EndStream: true, EndHeaders: true}))
	for {
		frame, err := c.ReadFrame()
		must(t, err)
		switch frame := frame.(type) {
		case *http2.HeadersFrame:
			if frame.StreamID == id {
				return "an answer"
			}
		case *http2.RSTStreamFrame:
			if frame.StreamID == id {
				return frame.ErrCode.String()
			}
		case *http2.GoAwayFrame:
			return fmt.Sprint("the connection ended: ", frame)
		}
	}
}

// must ends the test with an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
