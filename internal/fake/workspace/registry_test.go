package workspace_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
)

// add makes a workspace known, which must be possible.
func add(t *testing.T, r *workspace.Registry, name string) *workspace.Workspace {
	t.Helper()
	w := create(t, workspace.Config{Name: name})
	if err := r.Add(w); err != nil {
		t.Fatal(err)
	}
	return w
}

// names returns the names of all workspaces.
func names(r *workspace.Registry) []string {
	all := []string{}
	for _, w := range r.All() {
		all = append(all, w.Name)
	}
	return all
}

func TestRegistry(t *testing.T) {
	t.Parallel()
	r := &workspace.Registry{}
	if got := names(r); len(got) != 0 || r.Get("test") != nil {
		t.Errorf("a new registry holds %q", got)
	}
	b, a := add(t, r, "b"), add(t, r, "a")
	if diff := cmp.Diff([]string{"a", "b"}, names(r)); diff != "" {
		t.Errorf("All() (-want +got):\n%s", diff)
	}
	if r.Get("a") != a || r.Get("b") != b || r.Get("c") != nil || r.Get("") != nil {
		t.Error("Get finds another workspace")
	}
	for _, w := range []*workspace.Workspace{a, b} {
		for _, key := range w.Keys {
			if gotW, gotKey := r.Find(key.Digest()); gotW != w || gotKey != key {
				t.Errorf("Find(%s) = %p, %p, want %p, %p", key.Secret, gotW, gotKey, w, key)
			}
		}
	}
	digest, _ := auth.Token("Bearer ixk_c_readwrite")
	if w, key := r.Find(digest); w != nil || key != nil {
		t.Errorf("Find of an unknown key = %v, %v", w, key)
	}
}

func TestRegistryAddRefuses(t *testing.T) {
	t.Parallel()
	r := &workspace.Registry{Max: 2}
	first := add(t, r, "a")
	if err := r.Add(create(t, workspace.Config{Name: "a"})); !errors.Is(err, workspace.ErrTaken) {
		t.Errorf("Add of a second a = %v, want %v", err, workspace.ErrTaken)
	}
	if w, _ := r.Find(first.Keys[0].Digest()); w != first {
		t.Error("a refused workspace took the keys of the first")
	}
	add(t, r, "b")
	if err := r.Add(create(t, workspace.Config{Name: "c"})); !errors.Is(err, workspace.ErrFull) {
		t.Errorf("Add of one too many = %v, want %v", err, workspace.ErrFull)
	}
	if diff := cmp.Diff([]string{"a", "b"}, names(r)); diff != "" {
		t.Errorf("All() (-want +got):\n%s", diff)
	}
}

func TestRegistryDelete(t *testing.T) {
	t.Parallel()
	r := &workspace.Registry{Max: 2}
	kept, gone := add(t, r, workspace.Default), add(t, r, "a")
	for name, wrong := range map[string]string{
		"b":               `there is no workspace "b"`,
		workspace.Default: `the workspace "test" cannot be deleted (hint: reset it)`,
	} {
		if err := r.Delete(name); err == nil || err.Error() != wrong {
			t.Errorf("Delete(%s) = %v, want %s", name, err, wrong)
		}
	}
	if err := r.Delete("a"); err != nil {
		t.Fatal(err)
	}
	for _, key := range gone.Keys {
		if w, _ := r.Find(key.Digest()); w != nil || r.Get("a") != nil {
			t.Errorf("%s still opens a workspace", key.Secret)
		}
	}
	for _, key := range kept.Keys {
		if w, _ := r.Find(key.Digest()); w != kept {
			t.Errorf("%s opens none any more", key.Secret)
		}
	}
	again := add(t, r, "a") // the name and the room are free
	if w, _ := r.Find(again.Keys[0].Digest()); w != again {
		t.Error("a new workspace of the name is not found")
	}
}

func TestRegistryConcurrently(t *testing.T) {
	t.Parallel()
	r := &workspace.Registry{}
	add(t, r, workspace.Default)
	var wait sync.WaitGroup
	for i := range 4 {
		for j := range 20 {
			w := create(t, workspace.Config{Name: fmt.Sprintf("w-%d-%d", i, j)})
			wait.Go(func() {
				if err := r.Add(w); err != nil {
					t.Error(err)
				}
				if found, _ := r.Find(w.Keys[0].Digest()); found != w {
					t.Errorf("%s is not found", w.Name)
				}
				r.All()
				if j%2 == 0 {
					if err := r.Delete(w.Name); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wait.Wait()
	if got := len(r.All()); got != 1+4*10 {
		t.Errorf("%d workspaces are left, want 41", got)
	}
}
