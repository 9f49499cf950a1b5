package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// check makes the release in two folders of different depth and compares all
// bytes. Both use Go's build cache: a path that gets into a build makes a
// difference there, too, and that the compiler is deterministic is for Go to
// ensure.
func (r release) check() error {
	scratch, err := os.MkdirTemp("", "mockdesk-release-check-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	first, second := r, r
	first.root, first.out = filepath.Join(scratch, "a"), filepath.Join(scratch, "first")
	second.root, second.out = filepath.Join(scratch, "b", "deeper"), filepath.Join(scratch, "second")
	if err := copyTree(first.root, r.root); err != nil {
		return err
	}
	if err := copyTree(second.root, first.root); err != nil {
		return err
	}
	if err := errors.Join(first.make(), second.make()); err != nil {
		return err
	}
	count, err := compare(first.out, second.out)
	if err == nil {
		fmt.Fprintf(r.log, "%d files are the same, byte for byte\n", count)
	}
	return err
}

// copyTree copies the files that git knows or would add, and git's own data.
func copyTree(to, from string) error {
	list := exec.Command("git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = from
	names, err := list.Output()
	if err != nil {
		return fmt.Errorf("git ls-files: %w", err)
	}
	for _, name := range strings.Split(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed, but git does not know yet
		}
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o755); err != nil {
			return err
		}
		about, err := os.Stat(filepath.Join(from, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), content, about.Mode().Perm()); err != nil {
			return err
		}
	}
	return os.CopyFS(filepath.Join(to, ".git"), os.DirFS(filepath.Join(from, ".git")))
}

// compare returns how many files two folders have, if they are the same.
func compare(first, second string) (int, error) {
	a, err := contents(first)
	if err != nil {
		return 0, err
	}
	b, err := contents(second)
	if err != nil {
		return 0, err
	}
	if len(a) == 0 {
		return 0, errors.New("nothing was built")
	}
	if !slices.EqualFunc(a, b, func(x, y file) bool { return x.name == y.name }) {
		return 0, fmt.Errorf("%d files were built, then %d, of other names", len(a), len(b))
	}
	for i := range a {
		if !bytes.Equal(a[i].content, b[i].content) {
			return 0, fmt.Errorf("%s differs between two builds", a[i].name)
		}
	}
	return len(a), nil
}

// contents reads the files of a folder, with modes that let everybody read
// them.
func contents(folder string) ([]file, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var files []file
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		files = append(files, file{entry.Name(), 0o644, content})
	}
	return files, nil
}
