package journal

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/glob"
	"github.com/mockdesk/mockdesk/internal/header"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/suggest"
	"github.com/mockdesk/mockdesk/openapi"
)

// check returns why a filter cannot be understood or could never select
// anything: a count of 0 would then mean nothing. If a foreign server answers,
// an answer may have any status.
func (f Filter) check(foreign bool) error {
	if foreign && validStatus.MatchString(string(f.Status)) {
		f.Status = ""
	}
	switch {
	case f.Limit < 0:
		return hint.Errorf("limit=50, or leave it out to get all", "filter limit is %d", f.Limit)
	case f.Order != "" && f.Order != Ascending && f.Order != Descending:
		return hint.Errorf(suggest.Hint(f.Order, []string{Ascending, Descending}, "order=desc"), "filter order %q is not %s or %s", f.Order, Ascending, Descending)
	}
	for _, check := range []func() error{f.checkMethod, f.checkPath, f.checkStatus, f.checkKeyKind, f.checkHeader, f.checkService, f.checkOperation} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// methods are those that clients usually send. Another method is accepted,
// unless it looks like a misspelt one of these.
var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}

// checkMethod refuses a text that is not a method, or that looks like a
// misspelt one.
func (f Filter) checkMethod() error {
	method := strings.ToUpper(f.Method)
	if method == "" || slices.Contains(methods, method) {
		return nil
	}
	meant := suggest.Word(method, methods)
	if meant == "" && header.ValidName(method) {
		return nil
	}
	return hint.Errorf(suggest.Hint(method, methods, "GET"), "filter method %.80q is not a method", f.Method)
}

// unescaped finds what a path can have only in escaped form.
var unescaped = regexp.MustCompile(`[^A-Za-z0-9._~$&+,/:;=@!'()*?^\\\[\]%-]`)

// checkPath refuses a pattern that no path fits.
func (f Filter) checkPath() error {
	path, query, _ := strings.Cut(f.Path, "?")
	switch {
	case f.Path == "":
		return nil
	case !glob.Valid(f.Path):
		return hint.Errorf("/api/v1/tickets/*/messages", "filter path %q is not a pattern", f.Path)
	case f.Path == "*":
		return hint.Errorf("/**", `filter path "*" selects nothing: a star stands for one segment`)
	case !glob.Possible(f.Path):
		return hint.Errorf(rooted(f.Path), "filter path %q selects nothing: every path begins with a slash", f.Path)
	case strings.HasPrefix(f.Path+"/", controlAPI):
		return hint.Errorf("/api/**", "filter path %q selects nothing: the journal has no request to the control API", f.Path)
	case glob.Template(f.Path) != "":
		return hint.Errorf(glob.Template(f.Path), "filter path %q selects nothing: braces stand for nothing in it", f.Path)
	case strings.Contains(query, "="):
		return hint.Errorf(path, "filter path %q selects nothing: the query is no part of a path", f.Path)
	case unescaped.MatchString(f.Path):
		return hint.Errorf(unescaped.ReplaceAllStringFunc(f.Path, url.PathEscape), "filter path %q selects nothing: a path is escaped", f.Path)
	case percent(f.Path) != f.Path:
		return hint.Errorf(percent(f.Path), "filter path %q selects nothing: a path is escaped", f.Path)
	}
	return nil
}

// controlAPI is the path of requests that no journal has.
const controlAPI = "/_mockdesk/"

// rooted returns the path that is most likely meant by a pattern without a
// leading slash: if it is an address, the part after the server.
func rooted(pattern string) string {
	if address, err := url.Parse(pattern); err == nil && address.Host != "" {
		pattern = address.EscapedPath()
	}
	return "/" + strings.TrimLeft(pattern, "*/")
}

// escape finds a percent sign and as much as there is of what must follow it,
// for which stars and the like may stand.
var escape = regexp.MustCompile(`%(?:[0-9A-Fa-f*?\[][0-9A-Fa-f*?\[]|[*?\[])?`)

// percent returns the path with escapes for the percent signs that escape
// nothing.
func percent(path string) string {
	return escape.ReplaceAllStringFunc(path, func(found string) string {
		if found == "%" {
			return "%25"
		}
		return found
	})
}

var validStatus = regexp.MustCompile(`^(?:0|[1-5][0-9]{2}|[1-5][xX]{2})$`)

// unrouted are the statuses of refusals by net/http itself, see NoHTTP.
var unrouted = []int{
	http.StatusExpectationFailed, http.StatusRequestHeaderFieldsTooLarge, http.StatusNotImplemented, http.StatusHTTPVersionNotSupported,
}

// refusals returns the statuses with which any operation may be refused: a rule
// or Prefer may also ask for those that its page does not list.
func refusals() []int {
	var all []int
	for _, kind := range problem.Kinds() {
		all = append(all, kind.Status())
	}
	all = append(all, problem.GatewayStatuses()...)
	slices.Sort(all)
	return slices.Compact(all)
}

// checkStatus refuses a status that no answer has.
func (f Filter) checkStatus() error {
	if f.Status == "" {
		return nil
	}
	if !validStatus.MatchString(string(f.Status)) {
		return hint.Errorf("429, 4xx, or 0 for a broken connection", "filter status %q is not a status", string(f.Status))
	}
	known := slices.Concat([]int{0, http.StatusOK, http.StatusCreated}, refusals(), unrouted)
	switch number, _ := strconv.Atoi(string(f.Status)); { // 0 for a class
	case slices.Contains(unrouted, number) && (f.Method != "" || f.Path != "" || len(f.Header) > 0):
		return hint.Errorf("leave out method, path and header", "filter status %q selects nothing: what is refused with it is not read as far", string(f.Status))
	case slices.ContainsFunc(known, f.Status.selects):
		return nil
	}
	return hint.Errorf(spelled(known), "filter status %q selects nothing: no answer has it", string(f.Status))
}

// spelled lists statuses.
func spelled(statuses []int) string {
	var words []string
	for _, status := range slices.Sorted(slices.Values(statuses)) {
		words = append(words, strconv.Itoa(status))
	}
	return strings.Join(words, ", ")
}

// checkKeyKind refuses a kind that no key of the service has.
func (f Filter) checkKeyKind() error {
	kinds := auth.Kinds(f.Service)
	switch {
	case f.KeyKind == "" || slices.Contains(kinds, f.KeyKind):
		return nil
	case f.Service == None:
		return hint.Errorf("leave out the service", "filter key_kind %q selects nothing: service is %s, where no key is looked at", f.KeyKind, None)
	}
	return hint.Errorf(suggest.Hint(f.KeyKind, kinds, strings.Join(kinds, ", ")), "filter key_kind %q is not a kind of key", f.KeyKind)
}

// checkHeader refuses headers that no request has.
func (f Filter) checkHeader() error {
	for name, value := range f.Header {
		const typed = "header=Content-Type:application/json"
		switch {
		case name == "":
			return hint.Errorf(typed, "filter header has no name")
		case !header.ValidName(name):
			return hint.Errorf(typed, "filter header %.80q is not the name of a header", name)
		case header.Hidden(name):
			return hint.Errorf("User-Agent, for one", "filter header %s selects nothing: the journal has no such header", name)
		case !header.Read(value):
			return hint.Errorf(typed, "filter header %s cannot be %q, which no header can", name, value)
		}
	}
	return nil
}

// contracts are the services a request may belong to.
var contracts = []string{openapi.InboxOps, openapi.AppHandoff}

// checkService refuses an unknown service, and one that contradicts the
// operation.
func (f Filter) checkService() error {
	switch {
	case f.Service != "" && f.Service != None && !slices.Contains(contracts, f.Service):
		instead := suggest.Hint(f.Service, append([]string{None}, contracts...), strings.Join(contracts, ", ")+", or "+None)
		return hint.Errorf(instead, "filter service %q is not a service", f.Service)
	case f.Service == None && f.Operation != "" && f.Operation != None:
		return hint.Errorf("leave out the service", "filter operation %q selects nothing: service is %s", f.Operation, None)
	case f.Service != "" && f.Service != None && f.Operation == None:
		return hint.Errorf("leave out the service", "filter operation %s selects nothing: service is %s", None, f.Service)
	}
	return nil
}

// checkOperation checks the operation against the contracts, and method, path,
// kind of key and status against the operation.
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
		instead := suggest.Hint(f.Operation, ids, strings.Join(ids[1:], ", ")+", or "+None)
		return hint.Errorf(instead, "filter operation %q is not an operation", f.Operation)
	}
	switch {
	case reached:
		return nil
	case f.Operation == "":
		return hint.Errorf("leave out one of them", "filter selects nothing: no operation has all of its method, path, service, key_kind and status")
	}
	return hint.Errorf("leave out method, path, key_kind or status", "filter selects nothing: operation %s is %s", f.Operation, strings.Join(words, ", or "))
}

// operated reports whether the filter can only select requests to operations:
// only there a key is looked at, a rule fires, and an answer is broken or good.
func (f Filter) operated() bool {
	return f.Service != "" && f.Service != None || f.Operation != "" && f.Operation != None || f.KeyKind != "" || f.Rule != "" || f.succeeds()
}

// succeeds reports whether the status is that of a successful answer or of a
// broken connection.
func (f Filter) succeeds() bool {
	return f.Status == "0" || strings.HasPrefix(string(f.Status), "2")
}

// checkNone refuses conditions that only requests to operations can meet, if
// the filter asks for other requests.
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
	case !slices.ContainsFunc(astray(), f.Status.selects) && f.Status != "":
		return hint.Errorf(spelled(astray()), "filter selects nothing: a request to no operation has no such status")
	default:
		return nil
	}
	return hint.Errorf("leave out "+name, "filter selects nothing: a request to no operation has no such %s", name)
}

// astray returns the statuses of requests that belong to no operation.
func astray() []int {
	return slices.Concat([]int{
		http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusRequestURITooLong, http.StatusInternalServerError,
	}, unrouted)
}

// reaches reports whether a request to the operation may have the method, path,
// kind of key and status. AppHandoff may be served under another path.
func (f Filter) reaches(service string, op openapi.Operation) bool {
	method := strings.ToUpper(f.Method)
	byMethod := method == "" || method == op.Method || method == "HEAD" && op.Method == "GET"
	byPath := f.Path == "" || service == openapi.AppHandoff || glob.Fits(f.Path, op.Path)
	byStatus := f.Status == "" || f.Status.selects(0) || slices.ContainsFunc(refusals(), f.Status.selects) ||
		slices.ContainsFunc(op.Responses, func(r openapi.Response) bool { return f.Status.selects(r.Status) })
	return byMethod && byPath && byStatus && (f.KeyKind == "" || slices.Contains(auth.Kinds(service), f.KeyKind))
}
