package journal

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
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
	r.Judged, r.Violations = true, x.verdict()
	if x.cut() {
		r.Violations = slices.DeleteFunc(slices.Clone(r.Violations), aboutBody)
	}
	x.violations = slices.Clone(r.Violations)
	x.permit()
	return x.breach(x.violations)
}

// breach puts violations into words.
func (x *exchange) breach(violations []Violation) Breach {
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

// asked is what the verdict on a request without a body depends on.
type asked struct{ method, path, query string }

// verdict returns the verdict on the request. Clients repeat those without a body.
func (x *exchange) verdict() []Violation {
	if x.Method != http.MethodGet && x.Method != http.MethodHead || len(x.RequestBody) > 0 || len(x.Path)+len(x.Query) > mostTarget {
		return x.check()
	}
	return x.journal.asked.of(asked{x.Method, x.Path, x.Query}, x.check)
}
