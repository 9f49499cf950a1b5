package conformance

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/internal/plain"
)

// cause says why an answer is not the API's and what to type, beginning with a
// semicolon; "" when nothing is known.
func (p *plan) cause(e *target.Exchange) string {
	refused := e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden
	encoding, body := e.ResponseHeader.Get("Content-Encoding"), e.ResponseBody
	_, errJSON := target.Decode(body)
	switch {
	case e.Status/100 == 3 && e.ResponseHeader.Get("Location") != "":
		return p.redirected(e)
	case encoding != "" && !strings.EqualFold(encoding, "identity"):
		return fmt.Sprintf("; the body is compressed (%s), which nothing asked for; hint: --header 'Accept-Encoding: identity' asks for none", plain.Line(encoding))
	case bytes.HasPrefix(body, []byte("\x1f\x8b")):
		return "; the body is gzip, which its Content-Encoding does not say; hint: --header 'Accept-Encoding: identity' asks for none"
	case utf16(body):
		return "; the body is UTF-16; hint: JSON is UTF-8, which the server must send"
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return "; a byte order mark stands before the JSON; hint: the server must send the JSON without it"
	case e.Status == http.StatusBadRequest && strings.HasPrefix(e.URL, "http:") && errJSON != nil && speaksTLS(body):
		return "; the port speaks TLS; hint: https:// instead of http://"
	case refused && errJSON != nil:
		return "; it is no answer of the API but of a gateway in front of it; hint: --header 'Name: value' brings what the gateway asks for"
	}
	return ""
}

// utf16 reports whether a body is JSON as UTF-16, with a byte order mark or
// without.
func utf16(body []byte) bool {
	if bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")) {
		return true
	}
	return len(body) > 1 && (body[0] == 0) != (body[1] == 0)
}

// speaksTLS recognises what servers say about plain HTTP on a port of TLS: Go,
// nginx and Apache.
func speaksTLS(body []byte) bool {
	text := strings.ToUpper(string(body))
	return strings.Contains(text, "HTTPS") || strings.Contains(text, "SSL-ENABLED")
}

// redirected says where an answer redirects to, without the query, which may
// hold secrets.
func (p *plan) redirected(e *target.Exchange) string {
	from, err := url.Parse(e.URL)
	if err != nil {
		return ""
	}
	to, err := from.Parse(e.ResponseHeader.Get("Location"))
	if err != nil {
		return "; it redirects to what is no address"
	}
	address := (&url.URL{Scheme: to.Scheme, Host: to.Host, Path: to.Path}).String()
	out := "; it redirects to " + plain.Line(address)
	base, same := strings.CutSuffix(address, strings.TrimPrefix(e.URL, p.endpoints[e.API].Base))
	switch {
	case target.SameOrigin(from, to) && p.Follow:
		return out + ", again and again"
	case target.SameOrigin(from, to):
		return out + "; hint: --follow"
	case same && e.API == clause.AppHandoff:
		return out + "; hint: --apphandoff-url " + plain.Line(base)
	case same:
		return out + "; hint: mockdesk check " + plain.Line(strings.TrimSuffix(base, "/api/v1"))
	case from.Scheme == "http" && to.Scheme == "https" && strings.EqualFold(from.Hostname(), to.Hostname()):
		return out + "; hint: https:// instead of http://"
	}
	return out + ", another host or scheme, to which no key is sent; hint: --header 'Name: value' if a gateway asks for something"
}
