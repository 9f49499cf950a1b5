package journal

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/mockdesk/mockdesk/openapi"
)

// Verdict returns how a request departs from a contract, nothing when it keeps
// it. It may read the body.
type Verdict func(*openapi.Contract, *http.Request) []Violation

// give says how to make a fake judge.
const give = "mockserver.Config{Verdict: verdict.OnRequest}, with verdict from github.com/mockdesk/mockdesk/openapi/verdict"

// judge gives the exchange its verdict, once; the lock must not be held.
func (x *exchange) judge() {
	x.once.Do(func() {
		if x.violations = slices.Clone(x.Record.Violations); !x.Judged {
			x.violations = x.check()
		}
		if x.cut() {
			x.unchecked = fmt.Sprintf("the body was not checked: %d of its %d bytes are kept", len(x.RequestBody), x.RequestBytes)
			if x.RequestBytes < 0 {
				x.unchecked = "the body was not checked: it was not read to its end"
			}
			x.violations = slices.DeleteFunc(x.violations, aboutBody)
		}
		if !x.Judged {
			x.journal.grow(x, costOf(x.violations))
		}
		x.permit()
		x.journal.fold(x)
	})
}

// unread reports whether the request was refused before its body had come.
func (x *exchange) unread() bool {
	return x.unchecked != "" && x.Operation != "" && x.Method == http.MethodPost && len(x.RequestBody) == 0 && len(x.violations) == 0
}

// aboutBody reports whether a violation is about the body's text.
func aboutBody(v Violation) bool {
	return v.Where == "body" || strings.HasPrefix(v.Where, "body.") || strings.HasPrefix(v.Where, "body[")
}

// services are the contracts a request may belong to.
type services struct {
	inboxops, apphandoff *openapi.Contract
}

var load = sync.OnceValues(func() (s services, err error) {
	if s.inboxops, err = openapi.Load(openapi.InboxOps); err != nil {
		return s, err
	}
	s.apphandoff, err = openapi.Load(openapi.AppHandoff)
	return s, err
})

// projects is where all paths of AppHandoff lie under its base.
const projects = "/projects"

// check judges the request by the contract that its path belongs to.
func (x *exchange) check() []Violation {
	all, err := load()
	if err != nil {
		return []Violation{{Where: "contract", Rule: openapi.RuleContract, Reason: "cannot be read, so nothing was checked: " + err.Error()}}
	}
	base := x.base(all)
	contract, path := all.of(x.Path, base)
	if contract == nil {
		return []Violation{all.nowhere(x.Method, x.Path, base)}
	}
	if x.journal.config.Verdict == nil {
		// A missing verdict must not look like a good one.
		return []Violation{{Where: "contract", Rule: openapi.RuleContract, Reason: "was not checked, because this fake was given no verdict", Hint: give}}
	}
	found := x.journal.config.Verdict(contract, x.rebuild(path))
	if path != x.Path {
		// AppHandoff is served elsewhere than its document says.
		for i := range found {
			v := &found[i]
			for _, text := range []*string{&v.Got, &v.Reason, &v.Hint} {
				*text = strings.ReplaceAll(*text, contract.Base()+projects, base+projects)
			}
		}
	}
	return found
}

// base returns the path under which AppHandoff is served.
func (x *exchange) base(all services) string {
	return cmp.Or(x.journal.config.AppHandoffBase, all.apphandoff.Base())
}

// of returns the contract that a path belongs to, nil for none, and the path as
// that contract writes it.
func (s services) of(path, base string) (*openapi.Contract, string) {
	if rest, ok := under(path, base+projects); ok {
		return s.apphandoff, s.apphandoff.Base() + projects + rest
	}
	if _, ok := under(path, s.inboxops.Base()); ok {
		return s.inboxops, path
	}
	return nil, path
}

// nowhere is the violation of a request to an address of neither service.
func (s services) nowhere(method, path, base string) Violation {
	v := Violation{
		Where: "path", Rule: openapi.RuleUndocumentedPath, Got: clip(path), Reason: "is a path of neither service",
		Hint: fmt.Sprintf("the paths of InboxOps begin with %s, those of AppHandoff with %s%s", s.inboxops.Base(), base, projects),
	}
	parent, _, _ := strings.Cut(strings.TrimPrefix(s.inboxops.Base(), "/"), "/")
	for _, start := range []string{"", s.inboxops.Base(), "/" + parent, base} {
		meant := start + clean(path)
		contract, written := s.of(meant, base)
		if contract == nil {
			continue
		}
		if _, ok := contract.Match(method, written); ok {
			v.Hint = "did you mean " + clip(meant) + "?"
			break
		}
	}
	return v
}

// under returns the rest of a path after a base, which must end at a slash.
func under(path, base string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(path, base)
	return rest, ok && (rest == "" || rest[0] == '/')
}

// rebuild returns the request as the contract has to see it.
func (x *exchange) rebuild(path string) *http.Request {
	decoded, err := url.PathUnescape(path)
	if err != nil {
		decoded = path
	}
	return &http.Request{
		Method: x.Method, Host: x.Host, Header: x.RequestHeader,
		URL:  &url.URL{Path: decoded, RawPath: path, RawQuery: x.Query},
		Body: io.NopCloser(bytes.NewReader(x.RequestBody)), ContentLength: int64(len(x.RequestBody)),
	}
}

// clean drops superfluous slashes from a path.
func clean(path string) string {
	var b strings.Builder
	for segment := range strings.SplitSeq(path, "/") {
		if segment != "" {
			b.WriteString("/" + segment)
		}
	}
	return b.String()
}
