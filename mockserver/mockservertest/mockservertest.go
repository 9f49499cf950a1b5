// Package mockservertest turns a Config into a fake on a free loopback port
// that lives as long as a test.
package mockservertest

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/mockserver"
)

// Server is a running fake.
type Server struct {
	*mockserver.Server
	// URL is its address, without a trailing slash.
	URL string
	// Keys are those of the default workspace.
	Keys Keys
	t    testing.TB
	web  *httptest.Server
}

// Keys are the fixed keys of a workspace.
type Keys struct {
	ReadWrite, ReadOnly, Revoked, Unentitled                     string // InboxOps
	AppHandoff, AppHandoffOutsider, AppHandoffRevoked, Reconnect string
}

// Start starts a fake and closes it when the test ends.
func Start(t testing.TB, cfg mockserver.Config) *Server {
	t.Helper()
	fake, err := mockserver.New(cfg)
	if err != nil {
		t.Fatalf("mockservertest: %v", err)
	}
	web := httptest.NewUnstartedServer(nil)
	web.Config = fake.HTTP()
	web.Listener = fake.Listen(web.Listener)
	web.Start()
	s := &Server{Server: fake, URL: web.URL, Keys: KeysOf(fake, ""), t: t, web: web}
	t.Cleanup(s.Close)
	return s
}

// grace is how long a Close waits for clients that do not read their answers or
// do not send what they have begun.
const grace = 500 * time.Millisecond

// Close ends the fake before the test ends, within a second. Delays, stalls and
// streams are cut short.
func (s *Server) Close() {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	_ = s.web.Config.Shutdown(now) // Close waits for what is left
	late, done := context.WithTimeout(context.Background(), grace)
	defer done()
	defer context.AfterFunc(late, s.web.CloseClientConnections)()
	s.web.Close()
}

// KeysOf returns the keys of a workspace, the default one for an empty name.
func KeysOf(fake *mockserver.Server, name string) Keys {
	w := fake.Workspace(name)
	secret := func(service string, kind auth.Kind) string {
		return w.Key(service, kind).Secret
	}
	return Keys{
		ReadWrite:          secret(auth.InboxOps, auth.ReadWrite),
		ReadOnly:           secret(auth.InboxOps, auth.ReadOnly),
		Revoked:            secret(auth.InboxOps, auth.Revoked),
		Unentitled:         secret(auth.InboxOps, auth.Unentitled),
		AppHandoff:         secret(auth.AppHandoff, auth.Member),
		AppHandoffOutsider: secret(auth.AppHandoff, auth.Outsider),
		AppHandoffRevoked:  secret(auth.AppHandoff, auth.Revoked),
		Reconnect:          secret(auth.AppHandoff, auth.Reconnect),
	}
}
