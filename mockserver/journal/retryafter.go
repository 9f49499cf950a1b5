package journal

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// told returns how long the answer asks to wait from its end on, in its header
// or else in its body, and in which words. No words are no wait; a negative
// wait cannot be understood.
func (x *exchange) told() (wait time.Duration, said string) {
	said = strings.TrimSpace(x.ResponseHeader.Get("Retry-After"))
	if said == "" {
		said = x.toldInBody()
	}
	if wait, ok := readSeconds(said); ok || said == "" {
		return wait, said
	}
	if date, err := http.ParseTime(said); err == nil {
		return max(0, date.Sub(x.At.Add(x.Left.Sub(x.Came)))), said
	}
	return -1, said
}

// toldInBody returns the retryAfter of an error, empty when it has none. Both
// services write it in seconds.
func (x *exchange) toldInBody() string {
	if x.Status < http.StatusBadRequest {
		return ""
	}
	var body struct {
		RetryAfter json.RawMessage `json:"retryAfter"`
	}
	if json.Unmarshal(x.ResponseBody, &body) != nil || string(body.RetryAfter) == "null" {
		return ""
	}
	return strings.Trim(string(body.RetryAfter), `"`)
}

var seconds = regexp.MustCompile(`^[0-9]+(?:\.[0-9]+)?$`)

// readSeconds reads seconds, whole or not.
func readSeconds(text string) (time.Duration, bool) {
	const most = 1e9 // more would not fit a Duration
	n, err := strconv.ParseFloat(text, 64)
	if !seconds.MatchString(text) || err != nil || n > most {
		return 0, false
	}
	return time.Duration(n * float64(time.Second)), true
}
