package journal

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mockdesk/mockdesk/internal/glob"
	"github.com/mockdesk/mockdesk/internal/near"
	"github.com/mockdesk/mockdesk/mockserver/auth"
	"github.com/mockdesk/mockdesk/mockserver/problem"
	"github.com/mockdesk/mockdesk/openapi"
)

// Check returns why a filter cannot be understood or could never select
// anything: who counts with it would learn nothing from none.
func (f Filter) Check() error {
	switch {
	case f.Limit < 0:
		return fmt.Errorf("filter limit is %d (hint: limit=50, or leave it out to get all)", f.Limit)
	case f.Order != "" && f.Order != Ascending && f.Order != Descending:
		return fmt.Errorf("filter order %q is not %s or %s (hint: %s)", f.Order, Ascending, Descending, near.Hint(f.Order, []string{Ascending, Descending}, "order=desc"))
	}
	for _, check := range []func() error{f.checkMethod, f.checkPath, f.checkStatus, f.checkKeyKind, f.checkHeader, f.checkService, f.checkOperation} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// methods are those that clients send. Another one may be meant, unless it is
// nearly one of them.
var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}

var token = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")

// checkMethod refuses what is no method, or nearly one.
func (f Filter) checkMethod() error {
	method := strings.ToUpper(f.Method)
	if method == "" || slices.Contains(methods, method) {
		return nil
	}
	meant := near.Word(method, methods)
	if meant == "" && token.MatchString(method) {
		return nil
	}
	return fmt.Errorf("filter method %.80q is not a method (hint: %s)", f.Method, near.Hint(method, methods, "GET"))
}

// unescaped finds what a path has in its escaped form only.
var unescaped = regexp.MustCompile(`[^A-Za-z0-9._~$&+,/:;=@!'()*?^\\\[\]%-]`)

// checkPath refuses a pattern that no path fits.
func (f Filter) checkPath() error {
	path, query, _ := strings.Cut(f.Path, "?")
	switch {
	case f.Path == "":
		return nil
	case !glob.Valid(f.Path):
		return fmt.Errorf("filter path %q is not a pattern (hint: /api/v1/tickets/*/messages)", f.Path)
	case f.Path == "*":
		return errors.New("filter path \"*\" selects nothing: a star stands for one segment (hint: /**)")
	case !glob.Possible(f.Path):
		return fmt.Errorf("filter path %q selects nothing: every path begins with a slash (hint: /%s)", f.Path, strings.TrimLeft(f.Path, "*"))
	case glob.Template(f.Path) != "":
		return fmt.Errorf("filter path %q selects nothing: braces stand for nothing in it (hint: %s)", f.Path, glob.Template(f.Path))
	case strings.Contains(query, "="):
		return fmt.Errorf("filter path %q selects nothing: the query is no part of a path (hint: %s)", f.Path, path)
	case unescaped.MatchString(f.Path):
		return fmt.Errorf("filter path %q selects nothing: a path is escaped (hint: %s)", f.Path, unescaped.ReplaceAllStringFunc(f.Path, url.PathEscape))
	}
	return nil
}

var validStatus = regexp.MustCompile(`^(?:0|[1-5][0-9]{2}|[1-5][xX]{2})$`)

// unrouted are the statuses that net/http alone refuses with, see NoHTTP.
var unrouted = []int{
	http.StatusExpectationFailed, http.StatusRequestHeaderFieldsTooLarge, http.StatusNotImplemented, http.StatusHTTPVersionNotSupported,
}

// refusals returns the statuses that any operation may be refused with: a rule
// and Prefer may ask for those too that its page does not list.
func refusals() []int {
	var all []int
	for _, kind := range problem.Kinds() {
		all = append(all, kind.Status())
	}
	return slices.Compact(all)
}

// checkStatus refuses a status that no answer has.
func (f Filter) checkStatus() error {
	if f.Status == "" {
		return nil
	}
	if !validStatus.MatchString(string(f.Status)) {
		return fmt.Errorf("filter status %q is not a status (hint: 429, 4xx, or 0 for a broken connection)", string(f.Status))
	}
	known := slices.Concat([]int{0, http.StatusOK, http.StatusCreated}, refusals(), unrouted)
	if slices.ContainsFunc(known, f.Status.selects) {
		return nil
	}
	slices.Sort(known)
	var words []string
	for _, status := range known {
		words = append(words, strconv.Itoa(status))
	}
	return fmt.Errorf("filter status %q selects nothing: no answer has it (hint: %s)", string(f.Status), strings.Join(words, ", "))
}

// checkKeyKind refuses a kind that no key of the service has.
func (f Filter) checkKeyKind() error {
	kinds := auth.Kinds(f.Service)
	switch {
	case f.KeyKind == "" || slices.Contains(kinds, f.KeyKind):
		return nil
	case f.Service == None:
		return fmt.Errorf("filter key_kind %q selects nothing: service is %s, where no key is looked at (hint: leave out the service)", f.KeyKind, None)
	}
	return fmt.Errorf("filter key_kind %q is not a kind of key (hint: %s)", f.KeyKind, near.Hint(f.KeyKind, kinds, strings.Join(kinds, ", ")))
}

// checkHeader refuses headers that no request has.
func (f Filter) checkHeader() error {
	for name, value := range f.Header {
		const hint = "(hint: header=Content-Type:application/json)"
		switch {
		case name == "":
			return errors.New("filter header has no name " + hint)
		case !token.MatchString(name):
			return fmt.Errorf("filter header %.80q is not the name of a header %s", name, hint)
		case slices.Contains([]string{"Host", "Transfer-Encoding", "Trailer"}, http.CanonicalHeaderKey(name)):
			return fmt.Errorf("filter header %s selects nothing: the journal has no such header (hint: User-Agent, for one)", name)
		case strings.TrimSpace(value) != value || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
			return fmt.Errorf("filter header %s cannot be %q, which no header can %s", name, value, hint)
		}
	}
	return nil
}

// contracts are the services a request may belong to.
var contracts = []string{openapi.InboxOps, openapi.AppHandoff}

// checkService refuses a service that there is not, and one that contradicts
// the operation.
func (f Filter) checkService() error {
	switch {
	case f.Service != "" && f.Service != None && !slices.Contains(contracts, f.Service):
		hint := near.Hint(f.Service, append([]string{None}, contracts...), strings.Join(contracts, ", ")+", or "+None)
		return fmt.Errorf("filter service %q is not a service (hint: %s)", f.Service, hint)
	case f.Service == None && f.Operation != "" && f.Operation != None:
		return fmt.Errorf("filter operation %q selects nothing: service is %s (hint: leave out the service)", f.Operation, None)
	case f.Service != "" && f.Service != None && f.Operation == None:
		return fmt.Errorf("filter operation %s selects nothing: service is %s (hint: leave out the service)", None, f.Service)
	}
	return nil
}

// checkOperation holds the operation against the contracts, and method, path,
// kind of key and status against it.
func (f Filter) checkOperation() error {
	if err := f.checkNone(); err != nil || !f.operated() {
		return err
	}
	ids := []string{None}
	named, reached := f.Operation == "", false
	var words []string
	for _, name := range contracts {
		if f.Service != "" && f.Service != name {
			continue
		}
		contract, err := openapi.Load(name)
		if err != nil {
			return err
		}
		for _, op := range contract.Operations() {
			if !slices.Contains(ids, op.ID) {
				ids = append(ids, op.ID)
			}
			if f.Operation == "" || op.ID == f.Operation {
				named, reached = true, reached || f.reaches(name, op)
				words = append(words, op.Method+" "+op.Path)
			}
		}
	}
	if !named {
		hint := near.Hint(f.Operation, ids, strings.Join(ids[1:], ", ")+", or "+None)
		return fmt.Errorf("filter operation %q is not an operation (hint: %s)", f.Operation, hint)
	}
	switch {
	case reached:
		return nil
	case f.Operation == "":
		return errors.New("filter selects nothing: no operation has all of its method, path, service, key_kind and status (hint: leave out one of them)")
	}
	return fmt.Errorf("filter selects nothing: operation %s is %s (hint: leave out method, path, key_kind or status)", f.Operation, strings.Join(words, ", or "))
}

// operated says that the filter can only select requests to operations: a key
// is looked at, a rule fires and an answer is broken or good nowhere else.
func (f Filter) operated() bool {
	return f.Service != "" && f.Service != None || f.Operation != "" && f.Operation != None || f.KeyKind != "" || f.Rule != "" || f.succeeds()
}

// succeeds says that the status is that of a good answer or of a broken one.
func (f Filter) succeeds() bool {
	return f.Status == "0" || strings.HasPrefix(string(f.Status), "2")
}

// checkNone refuses what only requests to operations have where none is meant.
func (f Filter) checkNone() error {
	if f.Service != None && f.Operation != None {
		return nil
	}
	var name string
	switch {
	case f.KeyKind != "":
		name = "key_kind"
	case f.Rule != "":
		name = "rule"
	case f.succeeds():
		name = "status"
	default:
		return nil
	}
	return fmt.Errorf("filter selects nothing: a request to no operation has no such %s (hint: leave out %s)", name, name)
}

// reaches says whether a request to the operation may have the method, path,
// kind of key and status. AppHandoff may be served under another path.
func (f Filter) reaches(service string, op openapi.Operation) bool {
	method := strings.ToUpper(f.Method)
	byMethod := method == "" || method == op.Method || method == "HEAD" && op.Method == "GET"
	byPath := f.Path == "" || service == openapi.AppHandoff || glob.Fits(f.Path, op.Path)
	byStatus := f.Status == "" || f.Status.selects(0) || slices.ContainsFunc(refusals(), f.Status.selects) ||
		slices.ContainsFunc(op.Responses, func(r openapi.Response) bool { return f.Status.selects(r.Status) })
	return byMethod && byPath && byStatus && (f.KeyKind == "" || slices.Contains(auth.Kinds(service), f.KeyKind))
}
