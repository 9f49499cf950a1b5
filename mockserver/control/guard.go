package control

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// healthPath is open to everybody.
const healthPath = Prefix + "healthz"

// TokenHeader is where the admin token may stand besides Authorization.
const TokenHeader = "X-Mockdesk-Token"

// guard decides who may call the control API.
type guard struct {
	token  string
	pass   pass
	hosts  []string
	maxURL int // bytes
	origin *http.CrossOriginProtection
}

func newGuard(config Config) guard {
	return guard{token: config.AdminToken, pass: newPass(config.AdminToken), hosts: config.Hosts, maxURL: config.Limits.URLBytes, origin: http.NewCrossOriginProtection()}
}

// refuse says why a request may not call, nil when it may. It checks the Host
// because another name may resolve to this machine (DNS rebinding), and the
// origin because a browser sends what any page asks it to.
func (g guard) refuse(r *http.Request) *failure {
	switch {
	case len(r.RequestURI) > g.maxURL:
		return &failure{http.StatusRequestURITooLong, fmt.Sprintf("the URL is longer than %d bytes", g.maxURL), "start the server with a larger --max-url-bytes"}
	case r.URL.Path == healthPath:
		return nil
	case !g.named(r):
		return &failure{
			http.StatusMisdirectedRequest, "the Host header " + quoted(r.Host) + " does not name this server",
			"call it by way of 127.0.0.1 or localhost, or allow the name when starting the server",
		}
	case g.token == "" && !local(r):
		return &failure{
			http.StatusForbidden, "without an admin token the control API answers requests from this machine only",
			"call it by way of 127.0.0.1, or start the server with an admin token",
		}
	case g.token != "" && !g.knows(r):
		return &failure{
			http.StatusUnauthorized, "the control API of this server needs its admin token",
			"send Authorization: Bearer <token> or " + TokenHeader + ": <token>",
		}
	case g.origin.Check(r) != nil:
		return foreign()
	}
	return nil
}

// foreign is the refusal of what a page of another origin makes a browser send.
func foreign() *failure {
	return &failure{
		http.StatusForbidden, "a page of another origin may change nothing here",
		"send the request without Origin and Sec-Fetch-Site, or from a page of this server",
	}
}

// named reports whether the Host header is a name of this server.
func (g guard) named(r *http.Request) bool {
	host := strings.ToLower(hostname(r.Host))
	if host == "localhost" || slices.ContainsFunc(g.hosts, func(name string) bool { return strings.EqualFold(hostname(name), host) }) {
		return true
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	connected, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return addr.Unmap().IsLoopback() || connected != nil && addr.Unmap() == address(connected.String())
}

// knows reports whether the request brings the admin token, in a time that does
// not depend on how much of the token is right. A browser sends the cookie that
// Enter gave it, or asks a person for the token and sends it as the password of
// Basic authentication.
func (g guard) knows(r *http.Request) bool {
	sent := r.Header.Get(TokenHeader)
	if scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " "); sent == "" && strings.EqualFold(scheme, "Bearer") {
		sent = strings.Trim(token, " ")
	}
	if _, password, ok := r.BasicAuth(); ok && sent == "" {
		sent = password
	}
	return g.is(sent) || sent == "" && g.pass.shown(r)
}

// is reports whether a text is the admin token.
func (g guard) is(sent string) bool {
	want, got := sha256.Sum256([]byte(g.token)), sha256.Sum256([]byte(sent))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

// local reports whether a request was sent on this machine, and not just passed
// on by a proxy on it: such a proxy names whoever sent it the request.
func local(r *http.Request) bool {
	for _, hops := range r.Header.Values("X-Forwarded-For") {
		for hop := range strings.SplitSeq(hops, ",") {
			if from, err := netip.ParseAddr(strings.TrimSpace(hop)); err != nil || !from.Unmap().IsLoopback() {
				return false
			}
		}
	}
	return address(r.RemoteAddr).IsLoopback()
}

// address returns the IP address in an address with a port, the zero Addr if
// there is none.
func address(s string) netip.Addr {
	with, err := netip.ParseAddrPort(s)
	if err != nil {
		return netip.Addr{}
	}
	return with.Addr().Unmap()
}

// hostname returns a host without its port and brackets.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.Trim(host, "[]")
}
