package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
)

// licence matches the names of the files in which a module states its terms.
var licence = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([.-].*)?$`)

// licences returns our terms and those of the modules that a binary was built
// from: whoever passes the binary on has to pass them on, too.
func (r release) licences(modules []*debug.Module) ([]file, error) {
	var files []file
	for _, name := range []string{"LICENSE", "NOTICE"} {
		text, err := os.ReadFile(filepath.Join(r.root, name))
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, 0o644, text})
	}
	for _, m := range modules {
		list := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", m.Path)
		list.Dir = r.root
		dir, err := list.Output()
		if err != nil {
			return nil, fmt.Errorf("go list -m %s: %w", m.Path, err)
		}
		terms, err := termsIn(strings.TrimSpace(string(dir)), "licences/"+m.Path)
		if err != nil {
			return nil, err
		}
		files = append(files, terms...)
	}
	return files, nil
}

// termsIn returns the terms in a module's folder, named under another. A
// module without any may not be passed on.
func termsIn(dir, under string) ([]file, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []file
	for _, entry := range entries {
		if entry.IsDir() || !licence.MatchString(entry.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return nil, err
		}
		files = append(files, file{under + "/" + entry.Name(), 0o644, text})
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s states no terms: a file such as LICENSE is missing in %s", strings.TrimPrefix(under, "licences/"), dir)
	}
	return files, nil
}
