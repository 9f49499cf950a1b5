package metrics

import (
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

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
	rateLimitedDesc = desc("rate_limited_total", "Requests that the rate limit refused.")
	workspacesDesc  = desc("workspaces", "Workspaces of the server.")
	notesDesc       = desc("notes", "Notes in all workspaces.")
	entriesDesc     = desc("journal_entries", "Requests that the journals keep.")
	bytesDesc       = desc("journal_bytes", "Bytes that the journals keep.")
	violationsDesc  = desc("contract_violations", "Violations of the contract by requests that were judged, since the journals were cleared. A request is judged when somebody reads it.")
	indexDesc       = desc("search_index_ready", "1 when the full-text index of the default workspace is built, which the first search does.")
	buildDesc       = desc("build_info", "The server that answers; its value is 1.", "version", "go_version")
)

// Describe sends the descriptions of what Collect sends.
func (m *Metrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		requestsDesc, durationDesc, inFlightDesc, firedDesc, rateLimitedDesc, workspacesDesc, notesDesc, entriesDesc, bytesDesc,
		violationsDesc, indexDesc, buildDesc,
	} {
		to <- d
	}
}

// Collect sends what there is to say now.
func (m *Metrics) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	counter := func(d *prometheus.Desc, value uint64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(value), labels...)
	}
	m.collectRequests(counter)
	for i := range m.counts {
		to <- m.counts[i].histogram()
	}
	for i, action := range m.config.Actions {
		for by := Rule; by <= Prefer; by++ {
			counter(firedDesc, m.fired[i][by].Load(), action, faults[by])
		}
	}
	counter(rateLimitedDesc, m.rateLimited.Load())
	gauge(inFlightDesc, float64(m.inFlight.Load()))
	state := m.config.State()
	gauge(workspacesDesc, float64(state.Workspaces))
	gauge(notesDesc, float64(state.Notes))
	gauge(entriesDesc, float64(state.JournalEntries))
	gauge(bytesDesc, float64(state.JournalBytes))
	gauge(violationsDesc, float64(state.Violations))
	ready := 0.0
	if state.Indexed {
		ready = 1
	}
	gauge(indexDesc, ready)
	gauge(buildDesc, 1, m.config.Version, runtime.Version())
}

// collectRequests sends the counts of requests; what never came is left out.
func (m *Metrics) collectRequests(counter func(*prometheus.Desc, uint64, ...string)) {
	for i := range m.counts {
		o := &m.counts[i]
		for row := range o.requests {
			for by := range o.requests[row] {
				if n := o.requests[row][by].Load(); n > 0 {
					counter(requestsDesc, n, o.Service, o.ID, statusLabel(row), faults[by])
				}
			}
		}
	}
}

// histogram returns the durations.
func (o *counts) histogram() prometheus.Metric {
	count, below := uint64(0), map[float64]uint64{}
	for i := range bounds {
		count += o.buckets[i].Load()
		below[bounds[i].Seconds()] = count
	}
	count += o.buckets[len(bounds)].Load()
	return prometheus.MustNewConstHistogram(durationDesc, count, time.Duration(o.took.Load()).Seconds(), below, o.Service, o.ID)
}

// statusLabel names a row of counts.
func statusLabel(row int) string {
	switch {
	case row == len(statuses):
		return "other"
	case statuses[row] == 0:
		return "none"
	}
	return strconv.Itoa(statuses[row])
}
