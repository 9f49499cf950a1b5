package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// Difference is a part of an answer that differs now.
type Difference struct {
	Where    string `json:"where"` // status, header Retry-After, body.data[0].status
	Recorded string `json:"recorded"`
	Now      string `json:"now"`
}

// String says the difference in a line.
func (d Difference) String() string {
	return d.Where + ": " + d.Recorded + " recorded, " + d.Now + " now"
}

// absent stands for what is not there.
const absent = "nothing"

// most is how many differences of one answer are reported.
const most = 20

// comparison compares two answers.
type comparison struct {
	runs      bool // the clock runs: times cannot be equal
	refused   bool // the answers are errors, whose words no contract has
	found     []Difference
	uncounted map[string]bool
}

// Compare returns how the answer that a request gets now differs from the one
// that it got. What cannot be equal is not counted but only named: the request's
// id, times if the clock runs, and the sentences of errors, which each server
// words as it likes.
func Compare(recorded, now *casefile.Request, runs bool) (found []Difference, uncounted []string) {
	c := &comparison{runs: runs, uncounted: map[string]bool{}}
	was, is := recorded.Answer, now.Answer
	if id := was.Header.Get(requestID); id != is.Header.Get(requestID) {
		c.uncounted["the id of the request"] = true
		if id != "" && len(was.Body) == was.Bytes {
			was.Body = strings.ReplaceAll(was.Body, id, is.Header.Get(requestID))
			was.Bytes = len(was.Body)
		}
	}
	c.add("status", status(was.Status), status(is.Status))
	for _, name := range names(was.Header, is.Header) {
		if name != requestID {
			c.add("header "+name, text(was.Header[name]), text(is.Header[name]))
		}
	}
	c.add("promised length", promised(was.Promised), promised(is.Promised))
	if was.Status == is.Status {
		c.refused = was.Status >= http.StatusBadRequest
		c.body(&was, &is)
	} else { // the status says enough: their members have nothing in common
		c.add("body", excerpt(was.Body, 0), excerpt(is.Body, 0))
	}
	c.add("breaches of the request", text(recorded.Breaches), text(now.Breaches))
	return c.found, slices.Sorted(maps.Keys(c.uncounted))
}

// promised describes the length that an answer promises, if that is kept
// because it differs from the actual one.
func promised(bytes int) string {
	if bytes == 0 {
		return "the length it has"
	}
	return strconv.Itoa(bytes)
}

// status is a status in words.
func status(code int) string {
	if code == 0 {
		return "a broken connection"
	}
	return strconv.Itoa(code)
}

// text joins texts.
func text(all []string) string {
	if len(all) == 0 {
		return absent
	}
	return strings.Join(all, "; ")
}

// names returns the names of both in order.
func names[V any](a, b map[string]V) []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(all)
	return slices.Compact(all)
}

// add notes a difference where there is one.
func (c *comparison) add(where, was, is string) {
	if was == is || len(c.found) == most {
		return
	}
	if c.runs && instant(was) && instant(is) {
		c.uncounted["times, because the clock runs"] = true
		return
	}
	c.found = append(c.found, Difference{where, was, is})
}

// instant reports whether a value of JSON is an instant.
func instant(value string) bool {
	_, err := time.Parse(time.RFC3339Nano, strings.Trim(value, `"`))
	return err == nil
}

// body compares the bodies: members of JSON where both are whole.
func (c *comparison) body(was, is *casefile.Answer) {
	n := min(len(was.Body), len(is.Body))
	if was.Bytes == is.Bytes && was.Body[:n] == is.Body[:n] && (len(was.Body) == len(is.Body) || len(was.Body) < was.Bytes) {
		return
	}
	var a, b any
	if len(was.Body) == was.Bytes && decode(was.Body, &a) && decode(is.Body, &b) {
		before := len(c.found)
		c.value("body", a, b)
		if len(c.found) > before || len(c.uncounted) > 0 {
			return
		}
	}
	if was.Bytes != is.Bytes {
		c.add("length of the body", strconv.Itoa(was.Bytes)+" bytes", strconv.Itoa(is.Bytes)+" bytes")
	}
	at := 0
	for at < n && was.Body[at] == is.Body[at] {
		at++
	}
	if at < n || len(was.Body) == was.Bytes && was.Bytes == is.Bytes {
		c.add("body from byte "+strconv.Itoa(at), excerpt(was.Body, at), excerpt(is.Body, at))
	}
}

// decode reads JSON whose numbers stay as they are written.
func decode(body string, into *any) bool {
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	return d.Decode(into) == nil && !d.More()
}

// excerpt is a part of a body that begins shortly before a place.
func excerpt(body string, at int) string {
	from := max(0, min(at, len(body))-20)
	return fmt.Sprintf("%q", strings.ToValidUTF8(body[from:min(len(body), from+80)], ""))
}

// value compares two values of JSON.
func (c *comparison) value(where string, was, is any) {
	switch a := was.(type) {
	case map[string]any:
		if b, ok := is.(map[string]any); ok {
			for _, name := range names(a, b) {
				c.member(where+"."+name, a, b, name)
			}
			return
		}
	case []any:
		if b, ok := is.([]any); ok {
			if len(a) != len(b) {
				c.add("elements of "+where, strconv.Itoa(len(a)), strconv.Itoa(len(b)))
			}
			for i := range min(len(a), len(b)) {
				c.value(where+"["+strconv.Itoa(i)+"]", a[i], b[i])
			}
			return
		}
	case string:
		if b, ok := is.(string); ok && c.refused && a != b && strings.Contains(a, " ") && strings.Contains(b, " ") {
			c.uncounted["the words of errors"] = true
			return
		}
	}
	c.add(where, compact(was), compact(is))
}

// member compares a member that one of the two may not have.
func (c *comparison) member(where string, a, b map[string]any, name string) {
	was, had := a[name]
	is, has := b[name]
	switch {
	case !had:
		c.add(where, absent, compact(is))
	case !has:
		c.add(where, compact(was), absent)
	default:
		c.value(where, was, is)
	}
}

// compact shortens a value.
func compact(value any) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if e.Encode(value) != nil { // it came from JSON
		return absent
	}
	all := []rune(strings.TrimSpace(out.String()))
	if len(all) > 200 {
		return string(all[:199]) + "…"
	}
	return string(all)
}
