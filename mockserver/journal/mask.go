package journal

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
)

// ellipsis stands for what is masked.
const ellipsis = "…"

// shape is how the keys of both services look.
var shape = regexp.MustCompile(`(?:ixk|ah_k)_[A-Za-z0-9_-]{4,}`)

// leastToken is the length from which a token is looked for outside of its own
// header; a shorter one would be found in ordinary words.
const leastToken = 8

// masker takes the secrets out of the texts of one exchange.
type masker struct {
	secrets []string
}

// masker returns the masker of the exchange: it knows the journal's secrets,
// the exchange's key and the token it was sent with.
func (x *exchange) masker() masker {
	secrets := slices.Clone(x.journal.config.Secrets)
	secrets = append(secrets, x.Key)
	if token := x.token(); len(token) >= leastToken {
		secrets = append(secrets, token)
	}
	secrets = slices.DeleteFunc(secrets, func(s string) bool { return s == "" })
	// The longest first: one secret may be the beginning of another.
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	return masker{secrets}
}

// Mask returns a text without the token of a request, and without what looks like
// a key.
func (j *Journal) Mask(token, text string) string {
	x := &exchange{journal: j}
	if len(token) >= leastToken {
		x.Key = token
	}
	return x.masker().text(text)
}

// token returns the bearer token of the request.
func (x *exchange) token() string {
	return auth.Bearer(x.RequestHeader.Get("Authorization"))
}

// key returns the secret the request was sent with, known or not.
func (x *exchange) key() string {
	if x.Key != "" {
		return x.Key
	}
	return x.token()
}

func (m masker) text(s string) string {
	for _, secret := range m.secrets {
		if strings.Contains(s, secret) {
			s = strings.ReplaceAll(s, secret, auth.Mask(secret))
		}
	}
	if strings.Contains(s, "ixk_") || strings.Contains(s, "ah_k_") {
		s = shape.ReplaceAllStringFunc(s, auth.Mask)
	}
	return s
}

// address joins path and query, masked.
func (m masker) address(path, query string) string {
	all := m.parts(path, "/")
	if query != "" {
		all += "?" + m.parts(query, "&=")
	}
	return all
}

// parts masks each part between separators, which may hide a secret behind
// percent-encoding.
func (m masker) parts(s, separators string) string {
	var b strings.Builder
	for s != "" {
		part := s
		if i := strings.IndexAny(s, separators); i >= 0 {
			part = s[:i]
		}
		b.WriteString(m.part(part))
		s = s[len(part):]
		if s != "" {
			b.WriteByte(s[0])
			s = s[1:]
		}
	}
	return b.String()
}

func (m masker) part(s string) string {
	if plain := m.text(s); plain != s {
		return plain
	}
	decoded, err := url.QueryUnescape(s)
	if err != nil {
		return s
	}
	if masked := m.text(decoded); masked != decoded {
		return strings.ReplaceAll(url.QueryEscape(masked), url.QueryEscape(ellipsis), ellipsis)
	}
	return s
}

func (m masker) header(h http.Header) http.Header {
	masked := make(http.Header, len(h))
	for name, values := range h {
		copied := make([]string, len(values))
		for i, value := range values {
			switch http.CanonicalHeaderKey(name) {
			case "Authorization", "Proxy-Authorization":
				copied[i] = credentials(value)
			case "Cookie", "Set-Cookie":
				copied[i] = ellipsis
			default:
				copied[i] = m.text(value)
			}
		}
		masked[name] = copied
	}
	return masked
}

// credentials masks the value of an Authorization header; its scheme stays.
func credentials(value string) string {
	scheme, secret, found := strings.Cut(value, " ")
	switch {
	case value == "":
		return ""
	case !found:
		return auth.Mask(value)
	case strings.EqualFold(scheme, "Bearer"):
		return scheme + " " + auth.Mask(strings.Trim(secret, " "))
	}
	return shape.ReplaceAllStringFunc(scheme, auth.Mask) + " " + ellipsis
}
