package mockserver

import (
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// toJournal puts the exchange into the journal of the workspace that the key
// opened, or of the default one if no key did, and returns how the request
// breaks the contract.
func (x *exchange) toJournal(took time.Duration) journal.Breach {
	w := x.call.Workspace
	if w == nil {
		w = x.server.workspaces.Get(workspace.Default)
		x.call.Now = w.Clock.Now()
		x.came = w.Clock.Steady(x.call.Now)
	}
	record := x.journalRecord(w)
	record.Duration = took
	var breach journal.Breach
	if x.passage != nil {
		breach = x.passage.complete(&record)
	} else {
		breach = x.breach(w.Journal, &record)
	}
	if p := x.passage; p != nil && p.header != nil && x.server.target.record != nil && x.effect.Rule == "" && !x.preferred {
		x.server.target.record.Add(record, p.whole)
	}
	w.Journal.Add(record)
	return breach
}

// journalRecord returns the exchange as a record for the journal of a
// workspace, without the verdict.
func (x *exchange) journalRecord(w *workspace.Workspace) journal.Record {
	r := x.request
	record := journal.Record{
		RequestID: x.call.RequestID, At: x.call.Now, Began: x.began,
		Method: r.Method, Host: r.Host, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Proto: r.Proto,
		Came: x.came, Left: w.Clock.Steady(w.Clock.Now()), Started: x.started, Connected: connected(r).made, Peer: r.RemoteAddr,
		RequestHeader: r.Header, RequestBody: x.tap.head, RequestBytes: x.tap.length(r),
		Status: x.status, ResponseHeader: x.Header(), ResponseBody: x.body[:x.sent],
		Why: x.why, Rule: x.effect.Rule, RuleName: x.effect.Name, Seen: x.call.Seen, Rows: x.call.Rows,
	}
	if r.TLS != nil {
		record.Scheme = "https"
	}
	if p := x.passage; p != nil && p.header != nil {
		record.ResponseHeader, record.ResponseBytes = p.header, p.bytes
	}
	if x.call.Key != nil && x.passage == nil { // a token that is passed on is masked anyway
		record.Key, record.KeyKind = x.call.Key.Secret, string(x.call.Key.Kind)
	}
	if x.op != nil {
		record.Service, record.Operation = x.op.Service.Name(), x.op.ID
	}
	if record.Why == "" && x.effect.Rule != "" {
		record.Why = "fault " + x.effect.Rule
	}
	if len(r.RequestURI) > len(record.Path)+len(record.Query)+1 {
		detach(&record)
	}
	return record
}

// detach copies the strings that net/http cuts from the request line, if that
// has more, such as a user name, which would be kept in memory with them.
func detach(r *journal.Record) {
	for _, part := range []*string{&r.Method, &r.Host, &r.Path, &r.Query, &r.Proto} {
		*part = strings.Clone(*part)
	}
}

// breach judges the request, which costs next to nothing for a plain one, and
// says in the answer's header what is wrong with it.
func (x *exchange) breach(j *journal.Journal, r *journal.Record) journal.Breach {
	var body []byte
	if x.tap.ended && x.tap.bytes == int64(len(x.tap.head)) {
		body = x.tap.head
	}
	if x.op != nil && x.op.Plain.Fits(x.call.Request, body) {
		r.Judged = true
		return journal.Breach{}
	}
	b := j.Check(r)
	if b.Words != "" {
		x.Header()[BreachHeader] = []string{b.Words}
	}
	return b
}

// why returns what made a refusal, for the kinds that say nothing themselves.
func why(e *problem.Error) string {
	if e.Why == "" {
		return string(e.Kind)
	}
	return e.Why
}
