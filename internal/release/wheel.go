package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// wheelPlatforms are Python's words for platforms, the oldest systems that
// Go's binaries run on.
var wheelPlatforms = map[string]string{
	"linux/amd64":   "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
	"linux/arm64":   "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
	"darwin/amd64":  "macosx_12_0_x86_64",
	"darwin/arm64":  "macosx_12_0_arm64",
	"windows/amd64": "win_amd64",
	"windows/arm64": "win_arm64",
}

// wheel builds the package of Python with the binary of a platform in it.
func (r release) wheel(p product, terms []file) (file, error) {
	python, err := pythonThatBuilds()
	if err != nil {
		return file{}, err
	}
	scratch, err := os.MkdirTemp("", "mockdesk-wheel-")
	if err != nil {
		return file{}, err
	}
	defer os.RemoveAll(scratch)
	source, out := filepath.Join(scratch, "source"), filepath.Join(scratch, "out")
	if err := os.CopyFS(source, os.DirFS(filepath.Join(r.root, "deploy", "python"))); err != nil {
		return file{}, err
	}
	inside := filepath.Join(source, "src", "mockdesk")
	for _, f := range append(terms, file{"bin/" + p.binaryName(), 0o755, p.binary}) {
		path := filepath.Join(inside, filepath.FromSlash(f.name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return file{}, err
		}
		if err := os.WriteFile(path, f.content, f.mode); err != nil {
			return file{}, err
		}
	}
	command := exec.Command(python, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, source)
	command.Env = append(command.Environ(), "MOCKDESK_VERSION="+wheelVersion(p.version), "MOCKDESK_WHEEL_PLATFORM="+wheelPlatforms[p.platform],
		fmt.Sprint("SOURCE_DATE_EPOCH=", p.built.Unix()))
	if said, err := command.CombinedOutput(); err != nil {
		return file{}, fmt.Errorf("python3 -m build: %w\n%s", err, said)
	}
	built, err := contents(out)
	if err != nil {
		return file{}, err
	}
	if len(built) != 1 {
		return file{}, fmt.Errorf("python3 -m build made %d files, not one", len(built))
	}
	return built[0], nil
}

// pythonThatBuilds returns a Python that can build wheels. The first Python on
// the path may not be the one for which packages are installed.
func pythonThatBuilds() (string, error) {
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import build, setuptools, wheel").Run() == nil {
			return python, nil
		}
	}
	return "", fmt.Errorf("no Python has what builds wheels; hint: apt-get install python3-build python3-setuptools python3-wheel")
}

// pseudo matches the versions that Go gives to commits without a tag, which
// begin with the next version.
var pseudo = regexp.MustCompile(`^(\d+\.\d+\.\d+)-(?:0\.)?(\d{14})-[0-9a-f]{12}$`)

// candidate matches versions such as 1.2.0-rc.1.
var candidate = regexp.MustCompile(`-(alpha|beta|rc)\.?(\d+)$`)

// wheelVersion returns a version of Go as Python writes it.
func wheelVersion(version string) string {
	version, _, _ = strings.Cut(strings.TrimPrefix(version, "v"), "+")
	if parts := pseudo.FindStringSubmatch(version); parts != nil {
		return parts[1] + ".dev" + parts[2]
	}
	return candidate.ReplaceAllString(version, "$1$2")
}
