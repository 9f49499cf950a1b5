// Package scrape turns what a server has counted into what Prometheus scrapes.
package scrape

import (
	"net/http"
	"runtime"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/mockdesk/mockdesk/internal/fake/metrics"
)

// Handler answers scrapes of what m has counted, in the format of OpenMetrics
// where it is asked for. Nothing is made before the first one.
func Handler(m *metrics.Metrics) http.Handler {
	handler := sync.OnceValue(func() http.Handler {
		registry := prometheus.NewRegistry()
		registry.MustRegister(collector{m}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
		return promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true})
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler().ServeHTTP(w, r) })
}

// collector is what Prometheus asks at a scrape.
type collector struct{ metrics *metrics.Metrics }

// desc describes a metric.
func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("mockdesk_"+name, help, labels, nil)
}

// What is worked out at a scrape.
var (
	requestsDesc    = desc("http_requests_total", "Requests answered, by operation, status and what made them fail on purpose.", "service", "operation", "status", "fault")
	durationDesc    = desc("http_request_duration_seconds", "Time from the request to the end of its answer.", "service", "operation")
	inFlightDesc    = desc("http_requests_in_flight", "Requests that are being answered.")
	firedDesc       = desc("faults_fired_total", "What faults did, by action and by who asked for it.", "action", "fault")
	eventsDesc      = desc("events_total", "What happened in workspaces, by event and by who made it happen.", "event", "by")
	rateLimitedDesc = desc("rate_limited_total", "Requests that the rate limit refused.")
	workspacesDesc  = desc("workspaces", "Workspaces of the server.")
	notesDesc       = desc("notes", "Notes in all workspaces.")
	entriesDesc     = desc("journal_entries", "Requests that the journals keep.")
	bytesDesc       = desc("journal_bytes", "Bytes that the journals keep.")
	violationsDesc  = desc("contract_violations", "Violations of the contract by requests that were judged, since the journals were cleared. A request is judged when somebody reads it, or it leaves its journal.")
	answersDesc     = desc("answer_violations", "Violations of the contract by answers of the server that a proxy stands in front of, since the journals were cleared.")
	indexDesc       = desc("search_index_ready", "1 when the full-text index of the default workspace is built, which the first search does.")
	buildDesc       = desc("build_info", "The server that answers; its value is 1.", "version", "go_version")
)

// Describe sends the descriptions of what Collect sends.
func (collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		requestsDesc, durationDesc, inFlightDesc, firedDesc, eventsDesc, rateLimitedDesc, workspacesDesc, notesDesc, entriesDesc, bytesDesc,
		violationsDesc, answersDesc, indexDesc, buildDesc,
	} {
		to <- d
	}
}

// Collect sends the present values.
func (c collector) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	counter := func(d *prometheus.Desc, value uint64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(value), labels...)
	}
	s := c.metrics.Snapshot()
	for _, r := range s.Requests {
		counter(requestsDesc, r.Count, r.Service, r.ID, r.Status, r.Fault)
	}
	for _, d := range s.Durations {
		to <- prometheus.MustNewConstHistogram(durationDesc, d.Count, d.Total.Seconds(), d.Below, d.Service, d.ID)
	}
	for _, f := range s.Fired {
		counter(firedDesc, f.Count, f.Action, f.Fault)
	}
	for _, e := range s.Events {
		counter(eventsDesc, e.Count, e.Event, e.By)
	}
	counter(rateLimitedDesc, s.RateLimited)
	gauge(inFlightDesc, float64(s.InFlight))
	gauge(workspacesDesc, float64(s.Workspaces))
	gauge(notesDesc, float64(s.Notes))
	gauge(entriesDesc, float64(s.JournalEntries))
	gauge(bytesDesc, float64(s.JournalBytes))
	gauge(violationsDesc, float64(s.Violations))
	gauge(answersDesc, float64(s.Answers))
	ready := 0.0
	if s.Indexed {
		ready = 1
	}
	gauge(indexDesc, ready)
	gauge(buildDesc, 1, s.Version, runtime.Version())
}
