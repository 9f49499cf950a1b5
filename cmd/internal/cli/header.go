package cli

import (
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// otherwise says what to do instead of passing a header that --header refuses.
var otherwise = map[string]string{
	"Authorization":  "--key KEY or MOCKDESK_KEY brings the key",
	"Host":           "the URL names the host",
	"Content-Length": "each request has its own",
	"Content-Type":   "each request has its own",
}

// hopByHop are headers of one connection, which no gateway passes on.
var hopByHop = append([]string{"Trailer", "Transfer-Encoding"}, fault.HopByHop...)

// header reads the headers to send with every request; the flag's environment
// twin has one per line. Errors do not show values, which are secrets.
func (f *clientFlags) header() (http.Header, error) {
	all := http.Header{}
	for _, given := range f.headers {
		for line := range strings.Lines(given) {
			name, value, ok := strings.Cut(strings.TrimSpace(line), ":")
			value = strings.TrimSpace(value)
			if !ok || value == "" || !fault.ValidHeader(name, value) {
				return nil, usage("--header 'X-Gateway-Token: ...'", "--header takes a name and a value with a colon between, which one that was given is not")
			}
			name = textproto.CanonicalMIMEHeaderKey(name)
			if hint := otherwise[name]; hint != "" {
				return nil, usage(hint, "--header does not set %s", name)
			}
			if slices.Contains(hopByHop, name) {
				return nil, usage("--header takes what a server behind it may read", "--header does not set %s, which is about one connection", name)
			}
			all.Add(name, value)
		}
	}
	return all, nil
}

// sameOrigin reports whether two addresses are of one scheme, host and port.
func sameOrigin(a, b string) bool {
	one, errOne := url.Parse(a)
	other, errOther := url.Parse(b)
	return errOne == nil && errOther == nil && target.SameOrigin(one, other)
}
