package journal

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mockdesk/mockdesk/internal/curl"
)

// automatic are the headers that curl or the connection write by themselves.
var automatic = []string{"Accept-Encoding", "Connection", "Content-Length", "Host", "Transfer-Encoding", "User-Agent"}

// browsing are the headers by which a browser says what page a request is of.
var browsing = []string{"Accept-Language", "Cache-Control", "Dnt", "Origin", "Pragma", "Priority", "Referer", "Upgrade-Insecure-Requests"}

// ofPage reports whether the request comes from a browser's page and the header
// does, too.
func (e Entry) ofPage(name string) bool {
	return len(e.RequestHeader["Sec-Fetch-Mode"]) > 0 && (strings.HasPrefix(name, "Sec-") || slices.Contains(browsing, name))
}

// Curl returns a command line that sends the request again, with the key taken
// from its variable. Where the journal did not keep the whole body, a comment
// at its end says so.
func (e Entry) Curl() string {
	if e.Method == "" {
		return "# a request that is no HTTP, which was not kept"
	}
	words := append([]string{"curl", "-sS", "-i"}, curl.Options(e.Method, e.URL, e.RequestBody != "")...)
	words = append(words, curl.Quote(e.origin()+e.URL))
	for _, name := range slices.Sorted(maps.Keys(e.RequestHeader)) {
		for _, value := range e.RequestHeader[name] {
			if !slices.Contains(automatic, name) && !e.ofPage(name) && (name != "Accept" || value != "*/*") {
				words = append(words, "-H", e.headerArgument(name, value))
			}
		}
	}
	return strings.Join(append(words, e.curlBody()...), " ")
}

// curlBody writes the body and what has to be said about it.
func (e Entry) curlBody() []string {
	text := utf8.ValidString(e.RequestBody) && !strings.Contains(e.RequestBody, "\x00")
	var words []string
	if e.RequestBody != "" && text {
		if len(e.RequestHeader["Content-Type"]) == 0 {
			words = append(words, "-H", "'Content-Type:'") // otherwise curl declares it a form
		}
		words = append(words, "--data-raw", curl.Quote(e.RequestBody))
	}
	switch {
	case !text:
		words = append(words, fmt.Sprintf("# without its body of %d bytes, which is no text", e.RequestBytes))
	case e.RequestBytes < 0:
		words = append(words, "# its body was not read to its end")
	case e.RequestCut:
		words = append(words, fmt.Sprintf("# its body had %d bytes, of which the first %d are here", e.RequestBytes, len(e.RequestBody)))
	}
	return words
}

// headerArgument writes a header for a shell, which puts the key into it.
func (e Entry) headerArgument(name, value string) string {
	scheme, _, found := strings.Cut(value, " ")
	if name == "Authorization" && found && strings.EqualFold(scheme, "Bearer") {
		return `"Authorization: ` + scheme + ` $` + cmp.Or(e.KeyVariable, "MOCKDESK_KEY") + `"`
	}
	if value == "" {
		return curl.Quote(name + ";") // curl's way to send an empty header
	}
	return curl.Quote(name + ": " + value)
}
