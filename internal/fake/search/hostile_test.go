package search_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/fake/search"
	"github.com/mockdesk/mockdesk/internal/race"
)

// allocated returns the bytes that f takes from the heap. No other test may run meanwhile.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	f() // fills the caches that are kept
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Not parallel: it counts what the process allocates.
func TestMemoryGrowsLinearly(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures one goroutine")
	}
	const size, bytesPerByte = 1 << 20, 200
	document := search.NewVector("a b1 c cat the dog wi-fi")
	for _, unit := range []string{
		"-", "\"", ":", "!", "(", " ", "-\"", "\"-", "<a", "a/b/c/", "a.b.c.", "a-b-c-", "b1 ", "b1 or ", "-b1 ", "\"b1 c1\" ", "the ", "b1:", ":-",
		"or ", "or", "- ", "é", "é ", "a@b.cd ", "http://x.org/a ", "<script>", "&amp;", "yaya", "ing", "\x00", "\xff", "'", "\\",
	} {
		text := strings.Repeat(unit, size/len(unit))
		taken := allocated(func() {
			_ = search.NewVector(text).String()
			q := search.ParseQuery(text)
			_ = q.String()
			q.Match(document)
		})
		if taken > bytesPerByte*size {
			t.Errorf("%q repeated to %d bytes takes %d bytes", unit, size, taken)
		}
	}
}

func FuzzVector(f *testing.F) {
	for _, text := range []string{"", "The cats' wi-fi", "a@b.com <b>x</b> &amp; 1.5e3", "http://x.org/a?b", "\xff\x00", "e\u0301 日本"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v := search.NewVector(text)
		if q := search.ParseQuery("cat -\"wi-fi dog\" or 1"); q.Match(v) != (len(find(text, q)) == 1) {
			t.Fatalf("%q: Match and the index disagree", text)
		}
		if s := v.String(); len(s) > 40*len(text) {
			t.Fatalf("%q has a vector of %d bytes", text, len(s))
		}
	})
}

func FuzzQuery(f *testing.F) {
	for _, text := range []string{"", "cat dog", `"cat dog" or -fish`, `-"cat`, "or or or", ":-x!(", "wi-fi the a@b.com", "\xff\x00\"", "--- -\"\""} {
		f.Add(text, "the cat and a dog")
	}
	f.Fuzz(func(t *testing.T, text, document string) {
		q := search.ParseQuery(text)
		matches := q.Match(search.NewVector(document))
		if q.String() == "" && matches {
			t.Fatalf("%q is empty and matches %q", text, document)
		}
		if found := find(document, q); matches != (len(found) == 1) {
			t.Fatalf("%q matches %q: %t, but the index finds %v", text, document, matches, found)
		}
	})
}

// find searches an index of one document.
func find(document string, q search.Query) []uint32 {
	text := func(uint32) string { return document }
	return search.Build(1, 1, text).Search(q, text)
}
