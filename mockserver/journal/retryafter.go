package journal

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// retryAfter returns how long the answer asks to wait, counted from its end, in
// its header or else in its body; the words it uses; and whether it asks at
// all. A negative wait means that the words cannot be understood.
func (x *exchange) retryAfter() (wait time.Duration, said string, asks bool) {
	said = strings.TrimSpace(x.ResponseHeader.Get("Retry-After"))
	if said == "" {
		said = x.toldInBody()
	}
	if wait, ok := readSeconds(said); ok {
		return wait, said, true
	}
	if date, err := http.ParseTime(said); err == nil {
		return max(0, date.Sub(x.At.Add(x.Left.Sub(x.Came)))), said, true
	}
	return -1, said, said != "" || x.shouldTell()
}

// shouldTell reports whether the answer has to say how long to wait: it has a
// Retry-After, even an empty one, or a status that requires one.
func (x *exchange) shouldTell() bool {
	return len(x.ResponseHeader["Retry-After"]) > 0 ||
		x.Status == http.StatusTooManyRequests || x.Status == http.StatusServiceUnavailable
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
