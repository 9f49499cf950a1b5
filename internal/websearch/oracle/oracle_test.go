//go:build unix

package main

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNothingToDoIsAnError(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"-live", "0"}, {"-seed", "3"}} {
		if err := run(t.Context(), args, io.Discard); err == nil || !strings.Contains(err.Error(), "hint: ") {
			t.Errorf("oracle %q: %v, want an error with a hint", args, err)
		}
	}
}

func TestSameSeedSameTexts(t *testing.T) {
	t.Parallel()
	texts := func(seed, stream uint64) []string {
		g := newGenerator(seed, stream)
		return append(slices.Clone(g.documents(50)), g.queries(50)...)
	}
	if diff := cmp.Diff(texts(1, 2), texts(1, 2)); diff != "" {
		t.Errorf("a seed makes two sets of texts (-first +second):\n%s", diff)
	}
	if cmp.Equal(texts(1, 2), texts(1, 3)) || cmp.Equal(texts(1, 2), texts(2, 2)) {
		t.Error("another seed or stream makes the same texts")
	}
}

func TestAllTexts(t *testing.T) {
	t.Parallel()
	want := []string{"a", "b", "aa", "ab", "ba", "bb"}
	if diff := cmp.Diff(want, allTexts([]string{"a", "b"}, 2)); diff != "" {
		t.Error(diff)
	}
}

func TestOthers(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]int{0, 2, 4}, others([]int{1, 3}, 5)); diff != "" {
		t.Error(diff)
	}
	if all := others([]int{0, 1}, 2); all == nil || len(all) > 0 {
		t.Errorf("the others of all are %v, want an empty list", all)
	}
}

func TestCompareCountsAndFinds(t *testing.T) {
	t.Parallel()
	documents, queries := []string{"a cat"}, []string{"cat"}
	ours, err := ourAnswers(documents, queries)
	if err != nil {
		t.Fatal(err)
	}
	if differences, compared := compare(documents, queries, ours, ours); compared != 4 || len(differences) != 0 {
		t.Errorf("compared %d answers, %d differ, want 4 and none", compared, len(differences))
	}
	wrong := answers{tokens: []string{""}, vectors: []string{""}, queries: []string{""}, matches: [][]int{{}}}
	if differences, _ := compare(documents, queries, wrong, ours); len(differences) != 4 {
		t.Errorf("%d answers differ, want 4: %v", len(differences), differences)
	}
}
