package journal

import (
	"net/http"
)

// RuleHTTP is broken by anything that net/http does not accept as a request.
// The contract has no such rule: it is only about requests.
const RuleHTTP = "http"

// NoHTTP is the violation of a request that net/http refused, in its words.
// Method, path and header of the exchange are empty then.
func NoHTTP(words string) Violation {
	v := Violation{Where: inRequest, Rule: RuleHTTP, Reason: "is no HTTP that a server takes: " + words}
	if words == "431 "+http.StatusText(http.StatusRequestHeaderFieldsTooLarge) {
		v.Reason, v.Hint = "has a header that is too large: "+words, "send less, or raise --max-header-bytes"
	}
	return v
}
