package journal

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// The orders of a list.
const (
	Ascending  = "asc"
	Descending = "desc"
)

// None selects the requests that belong to no service or to no operation.
const None = "none"

// Filter selects exchanges; the conditions combine with AND, and an empty
// member selects all.
type Filter struct {
	Method    string `json:"method,omitempty"`
	Service   string `json:"service,omitempty"`   // inboxops, apphandoff, none
	Operation string `json:"operation,omitempty"` // an operationId, none
	// Path is a pattern: * stands for one segment, ** for any number of them.
	Path    string `json:"path,omitempty"`
	Status  Status `json:"status,omitempty"` // 429, 4xx, or 0 for a broken connection
	KeyKind string `json:"key_kind,omitempty"`
	Rule    string `json:"rule,omitempty"` // the id of a fault rule that fired; * for any
	// Header maps names of request headers to values; * stands for any.
	Header     map[string]string `json:"header,omitempty"`
	Violations bool              `json:"violations,omitempty"` // only those that break the contract
	// AnswerViolations selects only those whose answer, from the server behind
	// a proxy, breaks the contract.
	AnswerViolations bool `json:"answer_violations,omitempty"`

	After uint64    `json:"after,omitzero"`  // only those after this number; zero means all
	Since time.Time `json:"since,omitzero"`  // only those at or after this time of the workspace's clock
	Limit int       `json:"limit,omitempty"` // zero means all
	Order string    `json:"order,omitempty"` // asc (oldest first, the default) or desc
}

// Status is a status such as "429", a class such as "4xx", or "0" for a
// connection that was broken before an answer.
type Status string

// UnmarshalJSON reads a text or a number.
func (s *Status) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	var number int
	if err := json.Unmarshal(text, &number); err == nil {
		*s = Status(strconv.Itoa(number))
		return nil
	}
	var word string
	if err := json.Unmarshal(text, &word); err != nil {
		return hint.Errorf(`429, "4xx"`, "status %s is neither a number nor a text", text)
	}
	*s = Status(word)
	return nil
}

// selects reports whether the status or its class is meant.
func (s Status) selects(status int) bool {
	number := strconv.Itoa(status)
	return string(s) == number || len(number) == 3 && strings.EqualFold(string(s), number[:1]+"xx")
}

// names are the query parameters of ParseFilter.
var names = []string{
	"method", "service", "operation", "path", "status", "key_kind", "rule", "header", "violations", "answer_violations", "after", "since",
	"limit", "order",
}

// ParseFilter reads a filter from a query string, whose names are those of its
// JSON form, and refuses what the journal does not accept. A header is written
// Name:value, or Name alone for any value, and may be repeated.
func (j *Journal) ParseFilter(query url.Values) (Filter, error) {
	f, err := readFilter(query)
	if err == nil {
		err = j.Accepts(f)
	}
	return f, err
}

// readFilter reads a filter from a query string.
func readFilter(query url.Values) (Filter, error) {
	var f Filter
	texts := map[string]*string{
		"method": &f.Method, "service": &f.Service, "operation": &f.Operation, "path": &f.Path, "status": (*string)(&f.Status),
		"key_kind": &f.KeyKind, "rule": &f.Rule, "order": &f.Order,
	}
	for _, name := range names {
		values := query[name]
		if len(values) == 0 {
			continue
		}
		if len(values) > 1 && name != "header" {
			return f, hint.Errorf("send it once", "filter %s is there %d times", name, len(values))
		}
		if slices.Contains(values, "") {
			return f, hint.Errorf("leave it out", "filter %s is empty, which no request fits", name)
		}
		if text := texts[name]; text != nil {
			*text = values[0]
			continue
		}
		if err := f.parse(name, values); err != nil {
			return f, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains(names, name) {
			return f, hint.Errorf(suggest.Hint(name, names, "the filters are "+strings.Join(names, ", ")), "there is no filter %q", name)
		}
	}
	return f, nil
}

// parse reads a filter that is not plain text.
func (f *Filter) parse(name string, values []string) (err error) {
	value, instead := values[0], ""
	switch name {
	case "violations":
		f.Violations, err = strconv.ParseBool(value)
		instead = "violations=true"
	case "answer_violations":
		f.AnswerViolations, err = strconv.ParseBool(value)
		instead = "answer_violations=true"
	case "after":
		f.After, err = strconv.ParseUint(value, 10, 64)
		instead = "after=0, or the seq of an entry"
	case "limit":
		f.Limit, err = strconv.Atoi(value)
		if instead = "limit=50, or leave it out to get all"; err == nil && f.Limit == 0 {
			err = strconv.ErrRange
		}
	case "since":
		f.Since, err = time.Parse(time.RFC3339, value)
		instead = "since=2025-01-31T09:30:00Z"
	case "header":
		f.Header = map[string]string{}
		for _, pair := range values {
			header, wanted, found := strings.Cut(pair, ":")
			if !found {
				wanted = "*"
			}
			f.Header[strings.TrimSpace(header)] = strings.TrimSpace(wanted)
		}
	}
	if err != nil {
		return hint.Errorf(instead, "filter %s cannot be %q", name, value)
	}
	return nil
}
