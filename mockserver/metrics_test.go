package mockserver_test

import (
	"context"
	"maps"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/openapi"
)

// scrape returns the samples of mockdesk's own metrics, by name and labels; of
// a histogram, its count.
func (f *fake) scrape() map[string]float64 {
	f.t.Helper()
	a := f.control("GET", "metrics", "").want(200)
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(a.Body))
	if err != nil {
		f.t.Fatalf("%v in %s", err, a.Body)
	}
	samples := map[string]float64{}
	for name, family := range families {
		if !strings.HasPrefix(name, "mockdesk_") {
			continue
		}
		for _, m := range family.GetMetric() {
			var labels []string
			for _, pair := range m.GetLabel() {
				labels = append(labels, pair.GetValue())
			}
			value := m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
			samples[strings.Join(append([]string{name}, labels...), " ")] = value // labels come in order of name
		}
	}
	return samples
}

// moved returns the samples that a step changed, and by how much.
func (f *fake) moved(do func()) map[string]float64 {
	f.t.Helper()
	before := f.scrape()
	do()
	moved := f.scrape()
	for name, value := range moved {
		if moved[name] = value - before[name]; moved[name] == 0 {
			delete(moved, name)
		}
	}
	delete(moved, "mockdesk_journal_bytes")
	return moved
}

// took is the family of durations, before the operation.
const took = "mockdesk_http_request_duration_seconds "

// kept adds that the journal keeps one request more.
func kept(also map[string]float64) map[string]float64 {
	all := map[string]float64{"mockdesk_journal_entries": 1}
	maps.Copy(all, also)
	return all
}

// moves are steps and the samples that they change.
var moves = map[string]struct {
	do   func(f *fake)
	want map[string]float64
}{
	"an answer": {
		func(f *fake) { f.get(readWrite, ticketsPath).want(200) },
		kept(map[string]float64{"mockdesk_http_requests_total none listTickets inboxops 200": 1, took + "listTickets inboxops": 1}),
	},
	"a note": {
		func(f *fake) { f.post(readWrite, messagesPath, noteBody).want(201) },
		kept(map[string]float64{"mockdesk_http_requests_total none addInternalNote inboxops 201": 1, took + "addInternalNote inboxops": 1, "mockdesk_notes": 1, "mockdesk_events_total client message.added": 1}),
	},
	"acts, also of a workspace that is gone": {
		func(f *fake) {
			f.control("POST", "workspaces", `{"name":"a"}`).want(201)
			for _, workspace := range []string{"a", "test"} {
				f.control("POST", "desk/tickets?workspace="+workspace, `{"name":"stuck"}`).want(201)
				f.control("POST", "desk/tickets?workspace="+workspace, `{"name":"stuck"}`).want(409)
			}
			f.control("DELETE", "desk/tickets/stuck", "").want(204)
			f.control("DELETE", "workspaces/a", "").want(204)
			f.control("POST", "reset", "").want(200)
		},
		map[string]float64{"mockdesk_events_total tester ticket.created": 2, "mockdesk_events_total tester ticket.deleted": 1},
	},
	"what is only explained": {
		func(f *fake) {
			f.control("POST", "explain", `{"method":"POST","path":"`+messagesPath+`","headers":{"Content-Type":"application/json"},"key":"`+readWrite+`","body":{"type":"internal_note","body_text":"hi"}}`).want(200)
		},
		map[string]float64{},
	},
	"an operation of the same id as another service has": {
		func(f *fake) {
			_, thread := f.thread("ties")
			f.get(member, thread).want(200)
		},
		kept(map[string]float64{"mockdesk_http_requests_total none listTicketMessages apphandoff 200": 1, took + "listTicketMessages apphandoff": 1}),
	},
	"an address of nothing": {
		func(f *fake) { f.get(readWrite, "/nothing/here").want(404) },
		kept(map[string]float64{"mockdesk_http_requests_total none none none 404": 1, took + "none none": 1}),
	},
	"the reference is for people and does not count": {
		func(f *fake) {
			r := httptest.NewRequest("GET", "/api/v1/docs", nil)
			f.ServeHTTP(httptest.NewRecorder(), r)
		},
		map[string]float64{},
	},
	"what a request prefers": {
		func(f *fake) { f.get(readWrite, ticketsPath, "Prefer: code=503, delay=1ms").want(503) },
		kept(map[string]float64{
			"mockdesk_http_requests_total prefer listTickets inboxops 503": 1, took + "listTickets inboxops": 1,
			"mockdesk_faults_fired_total status prefer": 1, "mockdesk_faults_fired_total latency prefer": 1,
		}),
	},
	"a rule": {
		func(f *fake) {
			f.control("POST", "faults", `{"then":{"latency":{"fixed":"1ms"},"headers":{"set":{"X-A":"b"}}}}`).want(201)
			f.get(readWrite, ticketsPath).want(200)
		},
		kept(map[string]float64{
			"mockdesk_http_requests_total rule listTickets inboxops 200": 1, took + "listTickets inboxops": 1,
			"mockdesk_faults_fired_total headers rule": 1, "mockdesk_faults_fired_total latency rule": 1,
		}),
	},
	"a rule that breaks the connection": {
		func(f *fake) {
			f.control("POST", "faults", `{"then":{"connection":"close"}}`).want(201)
			defer func() { _ = recover() }() // net/http would close the connection
			f.get(readWrite, ticketsPath)
		},
		kept(map[string]float64{
			"mockdesk_http_requests_total rule listTickets inboxops none": 1, took + "listTickets inboxops": 1, "mockdesk_faults_fired_total connection rule": 1,
		}),
	},
	"the rate limit": {
		func(f *fake) {
			f.control("PUT", "rate-limit", `{"rate_limit":"1/1m"}`).want(200)
			f.get(readWrite, ticketsPath).want(200)
			f.get(readWrite, ticketsPath).want(429)
		},
		map[string]float64{
			"mockdesk_journal_entries": 2, took + "listTickets inboxops": 2, "mockdesk_rate_limited_total": 1,
			"mockdesk_http_requests_total none listTickets inboxops 200": 1, "mockdesk_http_requests_total none listTickets inboxops 429": 1,
		},
	},
	"a violation, once it is judged": {
		func(f *fake) {
			f.get(readWrite, ticketsPath+"?statsu=open").want(200)
			f.Workspace("").Journal.Get(1)
		},
		kept(map[string]float64{"mockdesk_http_requests_total none listTickets inboxops 200": 1, took + "listTickets inboxops": 1, "mockdesk_contract_violations": 1}),
	},
	"a search, which builds the index": {
		func(f *fake) { f.get(readWrite, ticketsPath+"?query=login").want(200) },
		kept(map[string]float64{"mockdesk_http_requests_total none listTickets inboxops 200": 1, took + "listTickets inboxops": 1, "mockdesk_search_index_ready": 1}),
	},
	"another workspace": {
		func(f *fake) { f.control("POST", "workspaces", `{"name":"a"}`).want(201) },
		map[string]float64{"mockdesk_workspaces": 1},
	},
}

func TestMetricsMove(t *testing.T) {
	t.Parallel()
	for name, test := range moves {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, mockserver.Config{Tickets: 100})
			same(t, "what moved", test.want, f.moved(func() { test.do(f) }))
		})
	}
}

// A request is in flight until it is answered.
func TestMetricsInFlight(t *testing.T) {
	t.Parallel()
	const inFlight = "mockdesk_http_requests_in_flight"
	waiting, enough := make(chan struct{}), make(chan struct{})
	f := start(t, mockserver.Config{Tickets: 100, Sleep: func(context.Context, time.Duration) error {
		close(waiting)
		<-enough
		return nil
	}})
	same(t, "in flight at first", 0.0, f.scrape()[inFlight])
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.get(readWrite, ticketsPath, "Prefer: delay=1s")
	}()
	<-waiting
	same(t, "in flight", 1.0, f.scrape()[inFlight])
	close(enough)
	<-done
	same(t, "in flight at last", 0.0, f.scrape()[inFlight])
	if bytes := f.scrape()["mockdesk_journal_bytes"]; bytes != float64(f.Workspace("").Journal.Bytes()) || bytes == 0 {
		t.Errorf("the journal has %v bytes", bytes)
	}
}

// The documented metrics are those that are there, and no label holds what a
// client chooses.
func TestMetricsAreDocumented(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100})
	f.control("POST", "faults", `{"id":"rule-id-of-mine","then":{"headers":{"set":{"X-A":"b"}}}}`).want(201)
	f.get(readWrite, ticketsPath+"/path-of-mine/messages").want(404)
	f.control("POST", "desk/tickets", `{"name":"name-of-mine"}`).want(201)
	there := map[string]bool{}
	for name := range f.scrape() {
		family, _, _ := strings.Cut(name, " ")
		there[family] = true
	}
	document, err := openapi.Document(openapi.Control)
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	for _, name := range regexp.MustCompile("`(mockdesk_[a-z_]+)`").FindAllSubmatch(document, -1) {
		documented[string(name[1])] = true
	}
	same(t, "metrics", slices.Sorted(maps.Keys(documented)), slices.Sorted(maps.Keys(there)))
	for _, chosen := range []string{"rule-id-of-mine", "path-of-mine", "name-of-mine", readWrite} {
		if strings.Contains(f.control("GET", "metrics", "").Body, chosen) {
			t.Errorf("the metrics show %s", chosen)
		}
	}
}

func TestMetricsFormats(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100})
	f.get(readWrite, ticketsPath).want(200)
	plain := f.control("GET", "metrics", "").want(200)
	open := f.control("GET", "metrics", "", "Accept: application/openmetrics-text; version=1.0.0").want(200)
	for _, c := range []struct {
		*answer
		kind, end string
	}{{plain, "text/plain", "\n"}, {open, "application/openmetrics-text", "# EOF\n"}} {
		if !strings.HasPrefix(c.Header.Get("Content-Type"), c.kind) || !strings.HasSuffix(c.Body, c.end) {
			t.Errorf("%s: Content-Type %s, end %q", c.kind, c.Header.Get("Content-Type"), c.Body[max(0, len(c.Body)-20):])
		}
		for _, want := range []string{`mockdesk_http_requests_total{fault="none",operation="listTickets",service="inboxops",status="200"} 1`, "go_goroutines ", `mockdesk_build_info{go_version="go1.`} {
			if !strings.Contains(c.Body, want) {
				t.Errorf("%s: %s is missing", c.kind, want)
			}
		}
	}
	if !strings.Contains(open.Body, "# TYPE mockdesk_http_requests counter") {
		t.Error("OpenMetrics names a counter without _total")
	}
}

// Two servers in one process do not count each other's requests, and the admin
// token guards the metrics as everything else.
func TestMetricsAreOfOneServer(t *testing.T) {
	t.Parallel()
	one, other := start(t, mockserver.Config{Tickets: 100}), start(t, mockserver.Config{Tickets: 100, AdminToken: "secret"})
	one.get(readWrite, ticketsPath).want(200)
	other.control("GET", "metrics", "").want(401)
	a := other.control("GET", "metrics", "", "X-Mockdesk-Token: secret").want(200)
	if strings.Contains(a.Body, "listTickets\",service=\"inboxops\",status") {
		t.Error("it counts the requests of another server")
	}
}
