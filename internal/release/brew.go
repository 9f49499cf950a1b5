package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"strings"
	"text/template"
)

//go:embed formula.rb.tmpl
var formulaText string

// system is an operating system of Homebrew, with the archives made for it.
type system struct {
	Name     string
	Archives []brewed
}

// brewed is an archive as a formula names it.
type brewed struct{ CPU, File, Sum string }

// brewNames are Homebrew's words for platforms.
var brewNames = strings.NewReplacer("darwin", "macos", "arm64", "arm", "amd64", "intel")

// formula returns the formula of Homebrew, which installs the archives for Linux
// and macOS among the files of a release.
func formula(version string, files []file) (file, error) {
	version = strings.TrimPrefix(version, "v")
	var systems []system
	for _, goos := range []string{"darwin", "linux"} {
		s := system{Name: brewNames.Replace(goos)}
		for _, f := range files {
			if cpu, ok := strings.CutPrefix(f.name, "mockdesk_"+version+"_"+goos+"_"); ok && strings.HasSuffix(cpu, ".tar.gz") {
				s.Archives = append(s.Archives, brewed{brewNames.Replace(strings.TrimSuffix(cpu, ".tar.gz")), f.name, fmt.Sprintf("%x", sha256.Sum256(f.content))})
			}
		}
		if len(s.Archives) > 0 {
			systems = append(systems, s)
		}
	}
	var text bytes.Buffer
	err := template.Must(template.New("formula").Parse(formulaText)).Execute(&text, map[string]any{"Version": version, "Systems": systems})
	return file{"mockdesk.rb", 0o644, text.Bytes()}, err
}
