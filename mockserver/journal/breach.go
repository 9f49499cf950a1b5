package journal

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/mockdesk/mockdesk/openapi"
)

// Breach says how a request or an answer departs from the contract, in printable ASCII and
// without secrets. Its zero value says that it does not.
type Breach struct {
	Words string
	URL   string // path and query
}

// mostWords bounds the words of a Breach, in bytes.
const mostWords = 400

// Check judges the request of a record, which then keeps the verdict.
func (j *Journal) Check(r *Record) Breach {
	x := &exchange{Record: *r, journal: j}
	r.Judged, r.Violations = true, j.verdicts.of(x)
	if x.cut() {
		r.Violations = slices.DeleteFunc(slices.Clone(r.Violations), aboutBody)
	}
	x.violations = slices.Clone(r.Violations)
	x.permit()
	return x.breach(x.violations)
}

// breach puts violations into words.
func (x *exchange) breach(violations []openapi.Violation) Breach {
	if len(violations) == 0 {
		return Breach{}
	}
	m := x.masker()
	words := m.text(violations[0].String())
	if more := len(violations) - 1; more > 0 {
		words += fmt.Sprintf(" (and %d more)", more)
	}
	return Breach{Words: printable(words), URL: printable(m.address(x.Path, x.Query))}
}

// printable escapes what is not printable ASCII and bounds the length.
func printable(text string) string {
	var b strings.Builder
	for _, r := range text {
		if b.Len() > mostWords {
			b.WriteString("...")
			break
		}
		if quoted := strconv.QuoteRuneToASCII(r); r >= ' ' && r <= '~' {
			b.WriteRune(r)
		} else {
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}

// verdicts remembers the verdicts on requests without a body, which clients
// repeat. It is safe for concurrent use.
type verdicts struct {
	mu    sync.Mutex
	known map[asked][]openapi.Violation
}

// asked is what a verdict on a request without a body depends on.
type asked struct{ method, path, query string }

const (
	mostVerdicts = 256
	mostTarget   = 1024 // bytes of an address that is remembered
)

// of returns the verdict on the request of an exchange.
func (v *verdicts) of(x *exchange) []openapi.Violation {
	key := asked{x.Method, x.Path, x.Query}
	if x.Method != http.MethodGet && x.Method != http.MethodHead || len(x.RequestBody) > 0 || len(x.Path)+len(x.Query) > mostTarget {
		return x.check()
	}
	v.mu.Lock()
	found, ok := v.known[key]
	v.mu.Unlock()
	if ok {
		return found
	}
	found = x.check()
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.known == nil || len(v.known) >= mostVerdicts {
		v.known = map[asked][]openapi.Violation{}
	}
	v.known[key] = found
	return found
}
