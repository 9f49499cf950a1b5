package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/golden"
)

var (
	noon  = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	files = []file{{"mockdesk", 0o755, []byte("binary")}, {"man/man1/mockdesk.1", 0o644, []byte(".TH\n")}}
)

// entry is what is told of a packed file.
type entry struct {
	Name, Mode, Content string
	Owner               int
	At                  time.Time
}

var packed = []entry{
	{Name: "mockdesk_1/mockdesk", Mode: "-rwxr-xr-x", Content: "binary", At: noon},
	{Name: "mockdesk_1/man/man1/mockdesk.1", Mode: "-rw-r--r--", Content: ".TH\n", At: noon},
}

func TestTarGz(t *testing.T) {
	t.Parallel()
	archive, err := tarGz("mockdesk_1", noon.In(time.FixedZone("", 3600)), files)
	if err != nil {
		t.Fatal(err)
	}
	uncompressed, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	var got []entry
	for reader := tar.NewReader(uncompressed); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, entry{header.Name, header.FileInfo().Mode().String(), string(content), header.Uid + header.Gid, header.ModTime.UTC()})
	}
	if diff := cmp.Diff(packed, got); diff != "" {
		t.Error("want -, got +:\n" + diff)
	}
}

func TestZipped(t *testing.T) {
	t.Parallel()
	archive, err := zipped("mockdesk_1", noon.In(time.FixedZone("", 3600)), files)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	var got []entry
	for _, f := range reader.File {
		opened, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(opened)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, entry{f.Name, f.Mode().String(), string(content), 0, f.Modified.UTC()})
	}
	if diff := cmp.Diff(packed, got); diff != "" {
		t.Error("want -, got +:\n" + diff)
	}
}

func TestBillOfMaterials(t *testing.T) {
	t.Parallel()
	p := product{platform: "linux/arm64", binary: []byte("binary"), version: "v1.2.0", built: noon, info: &debug.BuildInfo{
		GoVersion: "go1.26.0",
		Main:      debug.Module{Path: "github.com/mockdesk/mockdesk", Version: "v1.2.0"},
		Deps: []*debug.Module{
			{Path: "example.org/a", Version: "v2.0.0+incompatible", Sum: "h1:abc="},
			{Path: "example.org/b", Version: "v1.0.0", Replace: &debug.Module{Path: "example.org/c", Version: "v1.0.1"}},
		},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123abcd"}},
	}}
	got, err := billOfMaterials(p)
	if err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, "bom.json", got)
}

func TestPublish(t *testing.T) {
	t.Parallel()
	for goos, want := range map[string][]string{
		"linux":   {"mockdesk_1.2.0_linux_arm64.tar.gz", "mockdesk_1.2.0_linux_arm64.cdx.json", "mockdesk-linux-arm64-1.2.0.tgz"},
		"windows": {"mockdesk_1.2.0_windows_arm64.zip", "mockdesk_1.2.0_windows_arm64.cdx.json", "mockdesk-win32-arm64-1.2.0.tgz"},
	} {
		p := product{platform: goos + "/arm64", binary: []byte("binary"), version: "v1.2.0", built: noon, info: &debug.BuildInfo{}}
		published, err := publish(p, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range published {
			names = append(names, f.name)
		}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Error("want -, got +:\n" + diff)
		}
		if goos == "windows" && !bytes.Contains(published[0].content, []byte("mockdesk_1.2.0_windows_arm64/mockdesk.exe")) {
			t.Error("the archive for Windows has no mockdesk.exe")
		}
	}
}

func TestDeb(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("dpkg-deb"); err != nil {
		t.Skip("there is no dpkg-deb")
	}
	p := product{platform: "linux/arm64", binary: []byte("binary"), version: "v1.2.0-rc.1", built: noon}
	made, err := deb(p, []file{{"LICENSE", 0o644, []byte("MIT")}}, []file{{"README.md", 0o644, nil}, {"man/man1/mockdesk.1", 0o644, nil}, {"completions/_mockdesk", 0o644, nil}, {"completions/mockdesk.bash", 0o644, nil}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), made.name)
	if err := os.WriteFile(path, made.content, 0o600); err != nil {
		t.Fatal(err)
	}
	about, err := exec.Command("dpkg-deb", "--show", path).CombinedOutput()
	if err != nil || string(about) != "mockdesk\t1.2.0~rc.1\n" {
		t.Errorf("it is %q, %v", about, err)
	}
	to := t.TempDir()
	if said, err := exec.Command("dpkg-deb", "--extract", path, to).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for _, name := range []string{
		"bin/mockdesk", "share/doc/mockdesk/LICENSE", "share/man/man1/mockdesk.1", "share/zsh/vendor-completions/_mockdesk", "share/bash-completion/completions/mockdesk",
	} {
		if _, err := os.Stat(filepath.Join(to, "usr", name)); err != nil {
			t.Error(err)
		}
	}
}

func TestFormula(t *testing.T) {
	t.Parallel()
	got, err := formula("v1.2.0", []file{
		{"mockdesk_1.2.0_linux_amd64.tar.gz", 0o644, []byte("linux on amd64")},
		{"mockdesk_1.2.0_linux_amd64.cdx.json", 0o644, nil},
		{"mockdesk_1.2.0_linux_arm64.tar.gz", 0o644, []byte("linux on arm64")},
		{"mockdesk_1.2.0_darwin_arm64.tar.gz", 0o644, []byte("macOS on arm64")},
		{"mockdesk_1.2.0_windows_arm64.zip", 0o644, nil},
	})
	if err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, "mockdesk.rb", got.content)
}

func TestVersions(t *testing.T) {
	t.Parallel()
	for version, want := range map[string][2]string{
		"v1.2.0":      {"1.2.0", "1.2.0"},
		"v1.2.0-rc.1": {"1.2.0-rc.1", "1.2.0rc1"},
		"v0.0.0-20261127130437-b07cb3420e18+dirty": {"0.0.0-20261127130437-b07cb3420e18", "0.0.0.dev20261127130437"},
		"v1.2.1-0.20261127130437-b07cb3420e18":     {"1.2.1-0.20261127130437-b07cb3420e18", "1.2.1.dev20261127130437"},
	} {
		if diff := cmp.Diff(want, [2]string{npmVersion(version), wheelVersion(version)}); diff != "" {
			t.Errorf("%s: want -, got +:\n%s", version, diff)
		}
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	got := pages(".SH NAME\nmockdesk \\- answer\n.SH SEE ALSO\n\\fBmockdesk\\-serve(1)\\fP, \\fBmockdesk\\-man(1)\\fP\n")
	if diff := cmp.Diff([]string{"serve", "man"}, got); diff != "" {
		t.Error("want -, got +:\n" + diff)
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		first, second map[string]string
		want          string
	}{
		"the same":         {map[string]string{"a": "1", "b": "2"}, map[string]string{"a": "1", "b": "2"}, ""},
		"other bytes":      {map[string]string{"a": "1", "b": "2"}, map[string]string{"a": "1", "b": "3"}, "b differs between two builds"},
		"other names":      {map[string]string{"a": "1"}, map[string]string{"b": "1"}, "1 files were built, then 1, of other names"},
		"a file is absent": {map[string]string{"a": "1", "b": "2"}, map[string]string{"a": "1"}, "2 files were built, then 1, of other names"},
		"nothing at all":   {nil, nil, "nothing was built"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := compare(folder(t, test.first), folder(t, test.second))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// folder makes a folder of files.
func folder(t *testing.T, contents map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range contents {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestCopyTree(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	from, to := folder(t, map[string]string{".gitignore": "*.out\n", "known.go": "1", "a.out": "2"}), filepath.Join(t.TempDir(), "deep", "er")
	if said, err := exec.Command("git", "init", "--quiet", from).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if err := copyTree(to, from); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, name := range []string{".gitignore", "known.go", "a.out", ".git/HEAD"} {
		if _, err := os.Stat(filepath.Join(to, name)); err == nil {
			got = append(got, name)
		}
	}
	if want := ".gitignore known.go .git/HEAD"; strings.Join(got, " ") != want {
		t.Errorf("copied %q, want %q", got, want)
	}
}

func TestTermsIn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := termsIn(dir, "licences/example.org/m"); err == nil {
		t.Error("a module without terms is passed on")
	}
	for _, name := range []string{"LICENSE-MIT.txt", "NOTICE", "licence", "license_test.go", "README.md"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("of "+name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	files, err := termsIn(dir, "licences/example.org/m")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		got = append(got, f.name+": "+string(f.content))
	}
	want := []string{
		"licences/example.org/m/LICENSE-MIT.txt: of LICENSE-MIT.txt",
		"licences/example.org/m/NOTICE: of NOTICE",
		"licences/example.org/m/licence: of licence",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("want -, got +:\n" + diff)
	}
}

// TestLicences finds the terms of every module of this program itself.
func TestLicences(t *testing.T) {
	t.Parallel()
	info, ok := debug.ReadBuildInfo()
	if !ok || len(info.Deps) == 0 {
		t.Fatal("the test does not know what it was built from")
	}
	files, err := release{root: "../.."}.licences(info.Deps)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < len(info.Deps) {
		t.Errorf("%d files of terms for %d modules", len(files), len(info.Deps))
	}
}
