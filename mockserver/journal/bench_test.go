package journal_test

import (
	"testing"
	"unsafe"

	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// A server holds thousands of workspaces, whose journals are empty at first.
func TestNewTakesLittle(t *testing.T) {
	var sink *journal.Journal
	if got := testing.AllocsPerRun(100, func() { sink = journal.New(journal.Config{}) }); got != 1 {
		t.Errorf("New allocates %v times, want once", got)
	}
	if size := unsafe.Sizeof(*sink); size > 512 {
		t.Errorf("an empty journal takes %d bytes, want at most 512", size)
	}
}

// A full journal fills the exchange that leaves again, unless somebody has
// read it: adding then allocates nothing.
func TestAddAllocatesNothingOnceFull(t *testing.T) {
	for name, record := range map[string]journal.Record{
		"with bodies":    post(),
		"without bodies": {Method: "GET", Path: "/api/v1/tickets"},
	} {
		t.Run(name, func(t *testing.T) {
			j := journal.New(journal.Config{Limits: journal.Limits{Entries: 64}})
			for range 100 { // the ring has its size then
				j.Add(record)
			}
			if got := testing.AllocsPerRun(1000, func() { j.Add(record) }); got != 0 {
				t.Errorf("Add allocates %v times, want none", got)
			}
		})
	}
}

func BenchmarkAdd(b *testing.B) {
	b.Run("one", func(b *testing.B) {
		j, r := journal.New(journal.Config{}), post()
		b.ReportAllocs()
		for b.Loop() {
			j.Add(r)
		}
	})
	b.Run("parallel", func(b *testing.B) {
		j, r := journal.New(journal.Config{}), post()
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				j.Add(r)
			}
		})
	})
}

func BenchmarkList(b *testing.B) {
	j := journal.New(journal.Config{})
	for range journal.DefaultEntries {
		j.Add(post())
	}
	if _, err := j.List(journal.Filter{Violations: true}); err != nil { // judges all
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := j.List(journal.Filter{}); err != nil {
			b.Fatal(err)
		}
	}
}
