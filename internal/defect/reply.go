package defect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// object is a JSON object whose numbers keep their digits.
type object = map[string]any

// reply is an answer on its way out. It is the ResponseWriter of the handler behind.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// Header returns the header to fill.
func (p *reply) Header() http.Header { return p.header }

// WriteHeader keeps the first status.
func (p *reply) WriteHeader(status int) {
	if p.status == 0 {
		p.status = status
	}
}

// Write adds to the body.
func (p *reply) Write(b []byte) (int, error) {
	p.WriteHeader(http.StatusOK)
	p.body = append(p.body, b...)
	return len(b), nil
}

func (p *reply) write(w http.ResponseWriter, method string) {
	for name, values := range p.header {
		w.Header()[name] = values
	}
	if method == http.MethodHead || p.status == http.StatusNoContent {
		w.Header().Del("Content-Length")
		w.WriteHeader(p.status)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(p.body)))
	w.WriteHeader(p.status)
	_, _ = w.Write(p.body) // whether the client still listens changes nothing
}

func (p *reply) ok() bool { return p.status >= 200 && p.status < 300 }

// json reads the body, nil if it is no object.
func (p *reply) json() object {
	d := json.NewDecoder(bytes.NewReader(p.body))
	d.UseNumber()
	var o object
	if d.Decode(&o) != nil {
		return nil
	}
	return o
}

func (p *reply) set(o any) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(o); err == nil {
		p.body = b.Bytes()
	}
}

// rows returns the rows of a list, timeline or thread.
func (p *reply) rows() []any {
	o := p.json()
	for _, name := range []string{"data", "messages"} {
		if all, ok := o[name].([]any); ok {
			return all
		}
	}
	return nil
}

// setRows replaces them.
func (p *reply) setRows(all []any) {
	o := p.json()
	for _, name := range []string{"data", "messages"} {
		if _, ok := o[name].([]any); ok {
			if all == nil {
				all = []any{}
			}
			o[name] = all
			p.set(o)
		}
	}
}

// meta changes meta, if there is one.
func (p *reply) meta(edit func(meta object)) {
	o := p.json()
	if m, ok := o["meta"].(object); ok {
		edit(m)
		p.set(o)
	}
}

// total returns meta.total, -1 without.
func (p *reply) total() int {
	m, _ := p.json()["meta"].(object)
	n, err := strconv.Atoi(text(m["total"]))
	if err != nil {
		return -1
	}
	return n
}

func text(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// answer makes an answer of the server's own.
func answer(status int, body any) *reply {
	p := &reply{status: status, header: http.Header{"Content-Type": {"application/json"}}}
	p.set(body)
	return p
}

func fail(status int) *reply {
	return answer(status, object{"error": http.StatusText(status), "message": "broken", "code": status})
}
