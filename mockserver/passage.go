package mockserver

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// passage is a request that the target answers, with its answer.
type passage struct {
	*exchange
	client  *http.ResponseController
	own     http.Header    // what the proxy says of itself
	upload  *sending       // the body of the request, nil for none
	header  http.Header    // of the answer as it is passed on, nil before
	changed []byte         // the body of an answer that a fault changes
	bytes   int64          // of the answer's body
	left    int64          // how many there will be, -1 if that is not known
	whole   bool           // all of them have come
	judged  bool           // the request is
	words   journal.Breach // of the request
	verdict journal.Record // on both
}

// errChanged takes an answer that a fault changes off the way that other
// answers go.
var errChanged = errors.New("a fault changes the answer")

// answered is told of the answer's header.
func (p *passage) answered(r *http.Response) error {
	if r.StatusCode < http.StatusOK {
		return fmt.Errorf("%w with the status %d", errNoAnswer, r.StatusCode)
	}
	p.status = r.StatusCode
	if id := r.Header["X-Request-Id"]; len(id) == 1 && validID(id[0]) {
		p.call.RequestID = id[0]
	}
	head := p.request.Method == http.MethodHead
	if p.left = r.ContentLength; head || p.status == http.StatusNoContent || p.status == http.StatusNotModified {
		p.left = 0
	}
	if then := p.effect.Then; then != nil {
		answer := fault.Answer{Header: r.Header, Head: head}
		if then.Rewrites() && p.left != 0 {
			if answer.Unread = p.buffer(r); answer.Unread == "" {
				return errChanged
			}
		}
		p.effect.Change(&answer)
	}
	p.judge()
	p.say(r.Header)
	if _, typed := r.Header["Content-Type"]; !typed {
		p.Header()["Content-Type"] = nil // otherwise net/http guesses
	}
	p.header = r.Header.Clone()
	if p.left == 0 {
		p.arrived(io.EOF) // the client has all of the answer with its header
	}
	r.Body = &arriving{r.Body, p}
	return nil
}

// say adds to the header of an answer what the proxy says of the request.
func (p *passage) say(header http.Header) {
	for name, values := range p.own {
		switch name {
		case "X-Request-Id": // the target has ids of its own
		case "Vary":
			header[name] = append(header[name], values...)
		default:
			header[name] = values
		}
	}
	if p.words.Words != "" {
		header[BreachHeader] = []string{p.words.Words}
	}
	p.prefer.Drop(preferFormat) // that is up to the target
	if p.preferred = p.preferred && p.prefer.Applied() != ""; p.preferred {
		header.Add("Preference-Applied", p.prefer.Applied())
	}
	if p.effect.Missed != "" {
		p.miss()
		p.Header().Del(WhyHeader)
		header.Set(WhyHeader, p.why)
	}
}

// judge gives the request its verdict, as far as the target has read it.
func (p *passage) judge() {
	p.arriveUp()
	w := p.call.Workspace
	r := p.journalRecord(w)
	p.words = p.breach(w.Journal, &r)
	p.verdict.Violations, p.judged = r.Violations, true
}

// arriveUp takes note of what the target has read of the request's body.
func (p *passage) arriveUp() {
	if p.upload != nil {
		p.tap = p.upload.state()
	}
}

// buffer reads the body of an answer that a fault is to change, or says why it
// cannot, in which case the answer is passed on unchanged.
func (p *passage) buffer(r *http.Response) (why string) {
	body, err := io.ReadAll(io.LimitReader(r.Body, journal.MostAnswer+1))
	if err != nil || len(body) > journal.MostAnswer {
		rest, why := io.Reader(r.Body), fmt.Sprintf("the answer has more than %d bytes", journal.MostAnswer)
		if err != nil {
			rest, why = failing{err}, "the answer broke off"
		}
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(body), rest), r.Body}
		return why
	}
	p.header, p.bytes = r.Header, int64(len(body))
	p.keep(body)
	p.check(true)
	p.header, p.changed = nil, body
	if plain, err := journal.Gunzip(body); err == nil && r.Header.Get("Content-Encoding") == "gzip" {
		p.changed = plain
		r.Header.Del("Content-Encoding")
	}
	p.say(r.Header)
	p.own = r.Header
	return ""
}

// failing is a Reader that fails.
type failing struct{ error }

// Read returns the error.
func (f failing) Read([]byte) (int, error) { return 0, f.error }

// failed answers if the target does not, or if a fault changes the target's
// answer.
func (p *passage) failed(_ http.ResponseWriter, r *http.Request, err error) {
	x := p.exchange
	clear(x.Header())
	maps.Copy(x.Header(), p.own)
	p.arriveUp()
	switch {
	case errors.Is(err, errChanged):
		x.body = append(x.body[:0], p.changed...)
		x.write(x.status, p.own.Get("Content-Type"))
	case r.Context().Err() != nil:
		x.why = "the client left before the target answered"
		panic(http.ErrAbortHandler)
	default:
		x.status = 0
		x.refuse(p.server.target.trouble(err))
	}
}

// arriving is the body of an answer on its way to the client.
type arriving struct {
	io.ReadCloser
	p *passage
}

// Read reads on. The exchange is settled before the client has all of the
// answer.
func (a *arriving) Read(b []byte) (int, error) {
	n, err := a.ReadCloser.Read(b)
	_ = a.p.client.SetWriteDeadline(clock.Machine().Add(writeTimeout)) // a stream may last
	a.p.bytes += int64(n)
	a.p.keep(b[:n])
	switch {
	case err != nil:
		a.p.arrived(err)
	case a.p.bytes == a.p.left: // trailers may follow
		a.p.arrived(io.EOF)
	}
	return n, err
}

// keep keeps the beginning of an answer.
func (p *passage) keep(b []byte) {
	x, most := p.exchange, journal.MostAnswer
	if x.op == nil {
		most = journal.DefaultBody // nobody judges it
	}
	if room := most - len(x.body); room > 0 {
		x.body = append(x.body, b[:min(room, len(b))]...)
	}
	x.sent = len(x.body)
}

// arrived is told that the body of the answer has ended.
func (p *passage) arrived(err error) {
	p.whole = err == io.EOF
	p.settle()
}

// complete puts the verdicts on both into a record, and returns the request's.
func (p *passage) complete(r *journal.Record) journal.Breach {
	if p.header != nil {
		p.check(p.whole)
		if !p.whole && r.Why == "" {
			r.Why = "the answer was not passed on to its end"
		}
	}
	r.AnswerViolations, r.AnswerUnchecked = p.verdict.AnswerViolations, p.verdict.AnswerUnchecked
	if !p.judged {
		return p.breach(p.call.Workspace.Journal, r)
	}
	r.Judged, r.Violations = true, p.verdict.Violations
	return p.words
}

// check gives the answer its verdict.
func (p *passage) check(whole bool) {
	if p.op == nil {
		return
	}
	w := p.call.Workspace
	r := p.journalRecord(w)
	breach := w.Journal.CheckAnswer(&r, whole)
	p.verdict.AnswerViolations, p.verdict.AnswerUnchecked = r.AnswerViolations, r.AnswerUnchecked
	if breach.Words != "" {
		p.warn("the answer breaks the contract", breach)
	}
}
