package search_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/search"
)

// What PostgreSQL answered; internal/websearch/oracle writes it.
type (
	document struct{ Text, Vector string }
	query    struct {
		Text, Query     string
		Matches, Others []int // the documents that match, or else those that do not
	}
)

func readLines[T any](t *testing.T, name string, atLeast int) []T {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "testdata", "websearch", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []T
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var line T
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatalf("%s line %d: %v", name, len(all)+1, err)
		}
		all = append(all, line)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if len(all) < atLeast {
		t.Fatalf("%s has %d lines, want at least %d", name, len(all), atLeast)
	}
	return all
}

func documents(t *testing.T) []document {
	t.Helper()
	return readLines[document](t, "documents.jsonl", 3000)
}

func queries(t *testing.T) []query {
	t.Helper()
	return readLines[query](t, "queries.jsonl", 2000)
}

func TestVectorsOfPostgreSQL(t *testing.T) {
	t.Parallel()
	for _, d := range documents(t) {
		if diff := cmp.Diff(d.Vector, search.NewVector(d.Text).String()); diff != "" {
			t.Errorf("to_tsvector of %q (-PostgreSQL +ours):\n%s", d.Text, diff)
		}
	}
}

func TestQueriesOfPostgreSQL(t *testing.T) {
	t.Parallel()
	for _, q := range queries(t) {
		got := search.ParseQuery(q.Text)
		if diff := cmp.Diff(q.Query, got.String()); diff != "" {
			t.Errorf("websearch_to_tsquery of %q (-PostgreSQL +ours):\n%s", q.Text, diff)
		}
	}
}

func TestMatchesOfPostgreSQL(t *testing.T) {
	t.Parallel()
	docs := documents(t)
	vectors := make([]search.Vector, len(docs))
	for i, d := range docs {
		vectors[i] = search.NewVector(d.Text)
	}
	text := func(doc uint32) string { return docs[doc].Text }
	index := search.Build(len(docs), 3, text)
	matched := 0
	for _, q := range queries(t) {
		want := expected(q, len(docs))
		matched += len(want)
		parsed := search.ParseQuery(q.Text)
		got := []uint32{}
		for i, v := range vectors {
			if parsed.Match(v) {
				got = append(got, uint32(i))
			}
		}
		if !slices.Equal(want, got) {
			t.Errorf("%q matches (-PostgreSQL +ours):\n%s", q.Text, cmp.Diff(want, got))
		}
		if found := index.Search(parsed, text); !slices.Equal(want, found) {
			t.Errorf("the index finds for %q (-PostgreSQL +ours):\n%s", q.Text, cmp.Diff(want, found))
		}
	}
	if matched < 100000 {
		t.Errorf("only %d matches in all: the vectors test too little", matched)
	}
}

// expected returns the documents that PostgreSQL found.
func expected(q query, docs int) []uint32 {
	want := []uint32{}
	for i := range docs {
		_, matches := slices.BinarySearch(q.Matches, i)
		_, other := slices.BinarySearch(q.Others, i)
		if matches || q.Others != nil && !other {
			want = append(want, uint32(i))
		}
	}
	return want
}
