// Package record turns what passes through a proxy into a case: the tickets,
// messages and threads as far as they were seen, and the requests, with other
// words instead of what people have written.
package record

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/mockserver/replay"
)

// Config says how a Recorder records.
type Config struct {
	// Raw keeps everything as it is. Otherwise people, addresses, domains,
	// companies, subjects, bodies, names of files and texts are replaced.
	Raw bool
	// MapIDs replaces ids as well.
	MapIDs bool
	// Seed draws what stands for the originals; zero means 1.
	Seed uint64
	// Verdict and AnswerVerdict judge what is written, as a journal's do.
	Verdict       journal.Verdict
	AnswerVerdict journal.AnswerVerdict
	// AppHandoffBase is the path under which AppHandoff is served; empty means /api.
	AppHandoffBase string
}

// Recorder collects exchanges. It is safe for concurrent use.
type Recorder struct {
	config Config

	mu       sync.Mutex
	words    words
	requests []casefile.Request
	more     int // requests that a case has no room for
	left     int // how many things the last written case left out because no case can hold them
	seen     seen
}

// New returns a Recorder that has seen nothing.
func New(config Config) *Recorder {
	config.Seed = max(config.Seed, 1)
	return &Recorder{
		config: config, seen: newSeen(),
		words: words{seed: config.Seed, known: map[string]string{}, taken: map[string]string{}},
	}
}

// Add notes an exchange with an operation, whose answer is the target's own. Whole
// says that the body of the answer came to its end.
func (r *Recorder) Add(x journal.Record, whole bool) {
	if x.Operation == "" {
		return
	}
	if x.ResponseHeader.Get("Content-Encoding") == "gzip" {
		plain, err := journal.Gunzip(x.ResponseBody)
		if err != nil {
			plain, whole = nil, false
		}
		x.ResponseBody, x.ResponseBytes = plain, int64(len(plain))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.disguise(&x)
	if whole && int64(len(x.ResponseBody)) >= x.ResponseBytes {
		r.seen.see(&x)
	}
	if len(r.requests) == casefile.MostRequests {
		r.more++
		return
	}
	r.requests = append(r.requests, r.request(x, whole))
}

// Count is how much was recorded.
type Count struct {
	Requests, Tickets int
	More              int // requests that a case has no room for
	Left              int // tickets, projects and requests that the last case left out, because no case can say them
}

// Count returns how much was recorded until now.
func (r *Recorder) Count() Count {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Count{len(r.requests), len(r.seen.tickets), r.more, r.left}
}

// disguise replaces what people have written in an exchange, and its ids.
func (r *Recorder) disguise(x *journal.Record) {
	x.RequestHeader = pick(x.RequestHeader, "Accept", "Content-Type", "Prefer", "Authorization")
	x.Host, x.Peer, x.Why, x.RuleName = "", "", "", ""
	if !r.config.Raw {
		w := &r.words
		x.Path, x.Query = w.path(x.Path), w.query(x.Query)
		in := w.value
		if x.Status >= http.StatusBadRequest {
			in = w.problem
		}
		size := len(x.ResponseBody)
		x.ResponseBody = []byte(rewriteBody(string(x.ResponseBody), in, w.text))
		x.ResponseBytes += int64(len(x.ResponseBody) - size)
		size = len(x.RequestBody)
		x.RequestBody = []byte(rewriteBody(string(x.RequestBody), w.value, w.text))
		if x.RequestBytes >= 0 {
			x.RequestBytes += int64(len(x.RequestBody) - size)
		}
		x.ResponseHeader = harmless(x.ResponseHeader)
	}
	x.ResponseHeader = x.ResponseHeader.Clone()
	x.ResponseHeader.Del("Content-Length") // it is the length of the original, packed body
	if r.config.MapIDs {
		ids := func(s string) string { return uuid.ReplaceAllStringFunc(s, r.words.id) }
		x.Path, x.Query = ids(x.Path), ids(x.Query)
		x.RequestBody, x.ResponseBody = []byte(ids(string(x.RequestBody))), []byte(ids(string(x.ResponseBody)))
		for _, values := range x.ResponseHeader {
			for i := range values {
				values[i] = ids(values[i])
			}
		}
	}
}

// rewriteBody replaces the strings of a body that is JSON, or else all of its words.
func rewriteBody(body string, value func(member, value string) string, text func(string) string) string {
	if json.Valid([]byte(body)) {
		return rewriteJSON(body, value)
	}
	return text(body)
}

// path replaces segments that stand where an id should be but are not ids.
func (w *words) path(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if isID(part) || number.MatchString(part) || contractual(strings.ToLower(part)) || part == "v1" {
			continue
		}
		if decoded, err := url.PathUnescape(part); err == nil {
			parts[i] = url.PathEscape(w.text(decoded))
		} else {
			parts[i] = w.text(part)
		}
	}
	return strings.Join(parts, "/")
}

// number is how numbers of tickets are written.
var number = regexp.MustCompile(`^\d{1,9}$`)

// harmless returns the lines of an answer's header that identify nobody.
func harmless(h http.Header) http.Header {
	kept := pick(h, "Content-Type", "Retry-After", "Allow", "Preference-Applied")
	if values := h["Www-Authenticate"]; len(values) > 0 {
		kept["Www-Authenticate"] = []string{strings.SplitN(values[0], " ", 2)[0]}
	}
	if id := h.Get("X-Request-Id"); anyID.MatchString(id) {
		kept["X-Request-Id"] = []string{id}
	}
	return kept
}

// anyID matches ids that reveal nothing.
var anyID = regexp.MustCompile(`^[0-9a-fA-F-]{8,64}$`)

// pick returns the lines of a header that have one of the names.
func pick(h http.Header, names ...string) http.Header {
	kept := http.Header{}
	for name, values := range h {
		if slices.Contains(names, http.CanonicalHeaderKey(name)) {
			kept[name] = values
		}
	}
	return kept
}

// request returns an exchange as a request of a case, with verdicts on what is
// written of it.
func (r *Recorder) request(x journal.Record, whole bool) casefile.Request {
	j := journal.New(journal.Config{
		Limits: journal.Limits{Entries: 1, Bytes: 4 * journal.MostAnswer, Body: journal.MostAnswer}, AppHandoffBase: r.config.AppHandoffBase,
		Verdict: r.config.Verdict, Foreign: true, AnswerVerdict: r.config.AnswerVerdict,
	})
	x.Judged, x.Violations, x.Began = false, nil, 0
	x.AnswerViolations, x.AnswerUnchecked = nil, ""
	if r.config.AnswerVerdict != nil {
		j.CheckAnswer(&x, whole)
	}
	j.Add(x)
	entry, _ := j.Get(j.Newest())
	made := replay.Of(&entry)
	if made.Key == casefile.UnknownKey {
		made.Key = keyOf(&x)
	}
	if r.config.Verdict == nil {
		made.Breaches = nil
	}
	return made
}

// keyOf guesses the kind of a key from the answer it got.
func keyOf(x *journal.Record) string {
	ours, refused := x.Service == auth.InboxOps, string(x.ResponseBody)
	switch {
	case x.Status == http.StatusUnauthorized && strings.Contains(refused, "revoked"):
		return x.Service + "/" + string(auth.Revoked)
	case x.Status == http.StatusUnauthorized && strings.Contains(refused, `"reconnect":true`):
		return string(auth.Reconnect)
	case x.Status == http.StatusUnauthorized:
		return casefile.UnknownKey
	case x.Status == http.StatusForbidden && ours && x.Method == http.MethodPost && strings.Contains(refused, "scope"):
		return string(auth.ReadOnly)
	case x.Status == http.StatusForbidden && ours:
		return string(auth.Unentitled)
	case x.Status == http.StatusForbidden:
		return string(auth.Outsider)
	case ours:
		return string(auth.ReadWrite)
	}
	return string(auth.Member)
}

// Write writes the case of what was recorded.
func (r *Recorder) Write(w io.Writer) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	state, err := r.seen.state(r.requests)
	if err != nil {
		return err
	}
	state, r.left = sound(state)
	return casefile.Write(w, state)
}
