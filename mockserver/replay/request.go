// Package replay turns exchanges into the requests of a case, and compares what a
// request got with what it gets when it is sent again.
package replay

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// Of returns an exchange as a request of a case. One that was not kept whole is
// left out of a replay.
func Of(e *journal.Entry) casefile.Request {
	r := casefile.Request{
		At: e.At.UTC().Truncate(time.Millisecond), Left: e.RequestCut || e.HeaderCut, Key: keyOf(e), Method: e.Method, URL: address(e.URL),
		Header: requestHeader(e.RequestHeader), Body: e.RequestBody, Fault: e.RuleName, Breaches: sentences(e.Violations),
		Answer: casefile.Answer{
			Status: e.Status, Header: answerHeader(e.ResponseHeader), Body: e.ResponseBody, Bytes: e.ResponseBytes, Breaches: sentences(e.AnswerViolations),
		},
	}
	if r.Fault == "" {
		r.Fault = e.Rule
	}
	if !utf8.ValidString(r.Body) {
		r.Body, r.Left = "", true
	}
	if !utf8.ValidString(r.Answer.Body) {
		r.Answer.Body = ""
	}
	r.Answer.Bytes = max(r.Answer.Bytes, len(r.Answer.Body))
	if promised, err := strconv.Atoi(e.ResponseHeader.Get("Content-Length")); err == nil && promised > e.ResponseBytes && e.Method != http.MethodHead {
		r.Answer.Promised = promised
	}
	return r
}

// keyOf names the key of an exchange as the keys of a case do.
func keyOf(e *journal.Entry) string {
	header := e.RequestHeader.Get("Authorization")
	switch {
	case e.KeyKind == string(auth.Revoked):
		return e.Service + "/" + e.KeyKind
	case e.KeyKind != "":
		return e.KeyKind
	case strings.TrimSpace(header) == "":
		return ""
	case auth.Bearer(header) == "":
		return casefile.MalformedKey
	}
	return casefile.UnknownKey
}

// address returns a path with its query in the form that a case file accepts,
// including masked parts.
func address(of string) string {
	if _, err := url.ParseRequestURI(of); err != nil || !strings.HasPrefix(of, "/") || strings.ContainsAny(of, " #") {
		return "/" + url.PathEscape(of)
	}
	return of
}

// sentences are violations in words.
func sentences(all []journal.Violation) (words []string) {
	for _, v := range all {
		words = append(words, v.String())
	}
	return words
}

// noise are request headers that clients and networks add and on which no
// answer depends, and those that hold keys.
var noise = map[string]bool{
	"Authorization": true, "Proxy-Authorization": true, "Cookie": true, "Connection": true, "Keep-Alive": true, "Proxy-Connection": true,
	"Te": true, "Upgrade": true, "Expect": true, "Content-Length": true, "Accept-Encoding": true, "Accept-Language": true, "Cache-Control": true, "Pragma": true,
	"Dnt": true, "Origin": true, "Priority": true, "Referer": true, "Upgrade-Insecure-Requests": true,
}

// requestHeader returns what matters of a request's header.
func requestHeader(h http.Header) http.Header {
	return pick(h, func(name string) bool { return !noise[name] && !strings.HasPrefix(name, "Sec-") })
}

// answerHeader returns what matters of an answer's header.
func answerHeader(h http.Header) http.Header {
	return pick(h, func(name string) bool {
		switch name {
		case "Allow", "Content-Type", "Location", "Preference-Applied", "Retry-After", "Www-Authenticate", requestID:
			return true
		}
		return strings.HasPrefix(name, "Ratelimit") || strings.HasPrefix(name, "X-Ratelimit")
	})
}

// requestID is the header of the id of a request.
const requestID = "X-Request-Id"

// pick returns the lines of a header that can be written into a file.
func pick(h http.Header, matters func(name string) bool) http.Header {
	picked := http.Header{}
	for name, values := range h {
		if !matters(http.CanonicalHeaderKey(name)) {
			continue
		}
		for _, value := range values {
			if utf8.ValidString(value) {
				picked[name] = append(picked[name], value)
			}
		}
	}
	return picked
}
