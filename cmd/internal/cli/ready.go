package cli

import (
	"crypto/tls"
	"fmt"
	"net/netip"
	"strings"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver"
)

// ready is what the ready file holds.
type ready struct {
	URL     string            `json:"url"`
	Control string            `json:"control"`
	Keys    map[string]string `json:"keys"`
	Target  string            `json:"target,omitempty"` // what a proxy stands in front of
}

// announce says that the server answers: in the ready file, then in one line on
// standard output, then with keys to try on standard error. The function it
// returns removes the ready file.
func (f *serveFlags) announce(t Terminal, secure *tls.Config, address string, server *mockserver.Server) (withdraw func(), err error) {
	url := "http://" + reachable(address)
	if secure != nil {
		url = "https://" + reachable(address)
	}
	w, withdraw := server.Workspace(""), func() {}
	if f.readyFile != "" {
		r := ready{URL: url, Control: url + "/_mockdesk", Keys: keyNames(w)}
		if f.target != nil {
			r.Keys, r.Target = map[string]string{}, f.target.inboxops
		}
		withdraw, err = writeReady(t, f.readyFile, r)
		if err != nil {
			return nil, fail(exitRun, "--ready-file names a file in a folder that exists", "cannot write the ready file: %w", err)
		}
	}
	fmt.Fprintf(t.Stdout, "mockdesk answers on %s\n", url) // nobody may be reading
	if f.world.quiet {
		return withdraw, nil
	}
	key, look := `"Authorization: Bearer $MOCKDESK_KEY"`, "requests"
	if f.target != nil {
		fmt.Fprintf(t.Stderr, "\nTarget:\n  %s\n", f.target.inboxops)
	} else {
		key, look = "'Authorization: Bearer "+f.listKeys(t, w)+"'", "catalog"
	}
	curl := "curl"
	if f.tls.certificate == selfSigned {
		fmt.Fprintf(t.Stderr, "\nCertificate (SHA-256):\n  %s\n", fingerprint(secure.Certificates[0]))
		curl = "curl --insecure"
	}
	if f.tls.write != "" {
		curl = "curl --cacert " + f.tls.write
	}
	control := curl
	if f.world.adminToken != "" {
		control += ` -H "Authorization: Bearer $MOCKDESK_ADMIN_TOKEN"`
	}
	fmt.Fprintf(t.Stderr, "\nConsole:\n  %s/_mockdesk/\n\nTry:\n  %s -H %s '%s/api/v1/tickets?status=open&per_page=2'\n  %s %s/_mockdesk/%s\n\n",
		url, curl, key, url, control, url, look)
	return withdraw, nil
}

// listKeys prints the keys of a fake and returns the one to try.
func (f *serveFlags) listKeys(t Terminal, w *workspace.Workspace) string {
	fmt.Fprintf(t.Stderr, "\nKeys:\n")
	for _, key := range w.Keys {
		fmt.Fprintf(t.Stderr, "  %-22s %s\n", key.Secret, key.About)
	}
	return w.Key(auth.InboxOps, auth.ReadWrite).Secret
}

// reachable returns an address at which this machine reaches a listener, which
// may listen on all of its addresses.
func reachable(address string) string {
	if at, err := netip.ParseAddrPort(address); err == nil && at.Addr().IsUnspecified() {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port()).String()
	}
	return address
}

// keyNames returns the keys of a workspace by the names that programs use:
// readwrite, readonly, ..., apphandoff_member, ...
func keyNames(w *workspace.Workspace) map[string]string {
	names := map[string]string{}
	for _, key := range w.Keys {
		name := strings.ReplaceAll(string(key.Kind), "-", "")
		if key.Service == auth.AppHandoff {
			name = "apphandoff_" + name
		}
		names[name] = key.Secret
	}
	return names
}
