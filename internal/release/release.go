package main

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// release is one run of this program.
type release struct {
	root      string // of the repository
	out       string
	platforms []string // GOOS/GOARCH
	log       io.Writer
}

// product is a built binary and what it knows of itself.
type product struct {
	platform string // GOOS/GOARCH
	binary   []byte
	info     *debug.BuildInfo
	version  string
	built    time.Time // when its commit was made
}

// binaryName returns what the binary is called on its platform.
func (p product) binaryName() string {
	if strings.HasPrefix(p.platform, "windows/") {
		return "mockdesk.exe"
	}
	return "mockdesk"
}

// make builds every platform and writes what is published.
func (r release) make() error {
	scratch, err := os.MkdirTemp("", "mockdesk-release-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if err := errors.Join(os.RemoveAll(r.out), os.MkdirAll(r.out, 0o755)); err != nil {
		return err
	}
	local := filepath.Join(scratch, "mockdesk")
	here, err := r.build(local, "")
	if err != nil {
		return err
	}
	common, err := r.common(local)
	if err != nil {
		return err
	}
	var all []file
	for _, platform := range r.platforms {
		files, err := r.forPlatform(platform, filepath.Join(scratch, strings.ReplaceAll(platform, "/", "_")), here.version, common)
		if err != nil {
			return fmt.Errorf("%s: %w", platform, err)
		}
		all = append(all, files...)
	}
	node, err := r.npmMain(here)
	if err != nil {
		return err
	}
	all = append(all, node)
	homebrew, err := formula(here.version, all)
	if err != nil {
		return err
	}
	return r.write(append(all, homebrew))
}

// forPlatform builds a platform and returns what is made of its binary, which
// must have the same version as the others.
func (r release) forPlatform(platform, to, version string, common []file) ([]file, error) {
	p, err := r.build(to, platform)
	if err != nil {
		return nil, err
	}
	if p.version != version {
		return nil, fmt.Errorf("the repository changed meanwhile, from %s to %s", version, p.version)
	}
	terms, err := r.licences(p.info.Deps)
	if err != nil {
		return nil, err
	}
	files, err := publish(p, terms, common)
	if err != nil {
		return nil, err
	}
	python, err := r.wheel(p, terms)
	if err != nil {
		return nil, err
	}
	files = append(files, python)
	if !strings.HasPrefix(platform, "linux/") {
		return files, nil
	}
	container, err := image(p, terms)
	if err != nil {
		return nil, err
	}
	debian, err := deb(p, terms, common)
	return append(files, container, debian), err
}

// write writes what is published, and its checksums.
func (r release) write(files []file) error {
	var sums strings.Builder
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(r.out, f.name), f.content, f.mode); err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(f.content), f.name)
		fmt.Fprintf(r.log, "%s, %d bytes\n", f.name, len(f.content))
	}
	return os.WriteFile(filepath.Join(r.out, "SHA256SUMS"), []byte(sums.String()), 0o644)
}

// publish returns what is made of the binary of a platform: an archive, its
// bill of materials, and packages with the terms of what is in it.
func publish(p product, terms, common []file) ([]file, error) {
	name := fmt.Sprintf("mockdesk_%s_%s", strings.TrimPrefix(p.version, "v"), strings.ReplaceAll(p.platform, "/", "_"))
	pack, end := tarGz, ".tar.gz"
	if strings.HasPrefix(p.platform, "windows/") {
		pack, end = zipped, ".zip"
	}
	archive, err := pack(name, p.built, slices.Concat([]file{{p.binaryName(), 0o755, p.binary}}, terms, common))
	if err != nil {
		return nil, err
	}
	bom, err := billOfMaterials(p)
	if err != nil {
		return nil, err
	}
	node, err := npmPlatform(p, terms)
	return []file{{name + end, 0o644, archive}, {name + ".cdx.json", 0o644, bom}, node}, err
}

// build builds the command for a platform, or for this machine. It fixes what
// could differ between two machines: settings of the go command, and paths.
func (r release) build(to, platform string) (product, error) {
	command := exec.Command("go", "build", "-trimpath", "-buildvcs=true", "-ldflags=-s -w", "-o", to, "./cmd/mockdesk")
	command.Dir = r.root
	command.Env = append(command.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOWORK=off", "GOEXPERIMENT=", "GOFIPS140=off", "GOAMD64=v1", "GOARM64=v8.0")
	if goos, goarch, ok := strings.Cut(platform, "/"); ok {
		command.Env = append(command.Env, "GOOS="+goos, "GOARCH="+goarch)
	}
	if said, err := command.CombinedOutput(); err != nil {
		return product{}, fmt.Errorf("go build: %w\n%s", err, said)
	}
	binary, err := os.ReadFile(to)
	if err != nil {
		return product{}, err
	}
	if root, err := filepath.Abs(r.root); err != nil || bytes.Contains(binary, []byte(root)) {
		return product{}, errors.Join(err, fmt.Errorf("the binary holds %s, a path of this machine", root))
	}
	info, err := buildinfo.ReadFile(to)
	if err != nil {
		return product{}, err
	}
	built, err := time.Parse(time.RFC3339, setting(info, "vcs.time"))
	if err != nil {
		return product{}, errors.New("the binary does not know its commit; build a clone of the repository, with git installed")
	}
	return product{platform: platform, binary: binary, info: info, version: info.Main.Version, built: built}, nil
}

// setting returns what a binary was built with.
func setting(info *debug.BuildInfo, key string) string {
	for _, s := range info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

// shells are those whose completion goes into the archives, with its file.
var shells = [][2]string{{"bash", "mockdesk.bash"}, {"zsh", "_mockdesk"}, {"fish", "mockdesk.fish"}, {"powershell", "mockdesk.ps1"}}

// common returns the files that the archives of all platforms have: the README,
// manual pages and completion, which the binary for this machine prints.
func (r release) common(binary string) ([]file, error) {
	readme, err := os.ReadFile(filepath.Join(r.root, "README.md"))
	if err != nil {
		return nil, err
	}
	files := []file{{"README.md", 0o644, readme}}
	overview, err := exec.Command(binary, "man").Output()
	if err != nil {
		return nil, fmt.Errorf("mockdesk man: %w", err)
	}
	files = append(files, file{"man/man1/mockdesk.1", 0o644, overview})
	for _, name := range pages(string(overview)) {
		page, err := exec.Command(binary, "man", name).Output()
		if err != nil {
			return nil, fmt.Errorf("mockdesk man %s: %w", name, err)
		}
		files = append(files, file{"man/man1/mockdesk-" + name + ".1", 0o644, page})
	}
	for _, shell := range shells {
		script, err := exec.Command(binary, "completion", shell[0]).Output()
		if err != nil {
			return nil, fmt.Errorf("mockdesk completion %s: %w", shell[0], err)
		}
		files = append(files, file{"completions/" + shell[1], 0o644, script})
	}
	return files, nil
}

// seeAlso matches a command's page that the page of mockdesk refers to.
var seeAlso = regexp.MustCompile(`mockdesk\\-(\w+)\(1\)`)

// pages returns the commands whose pages the page of mockdesk refers to.
func pages(overview string) []string {
	var names []string
	for _, match := range seeAlso.FindAllStringSubmatch(overview, -1) {
		names = append(names, match[1])
	}
	return names
}
