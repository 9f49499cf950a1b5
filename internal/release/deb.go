package main

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"
)

// deb returns the Debian package with the binary of a platform, manual pages
// and completion: an ar archive that contains two tar archives.
func deb(p product, terms, common []file) (file, error) {
	_, arch, _ := strings.Cut(p.platform, "/")
	version := debVersion(p.version)
	about := fmt.Sprintf("Package: mockdesk\nVersion: %s\nArchitecture: %s\nMaintainer: The mockdesk authors <mockdesk@users.noreply.github.com>\n"+
		"Section: devel\nPriority: optional\nHomepage: https://github.com/mockdesk/mockdesk\n"+
		"Description: mock server for the ticket and message endpoints of InboxOps and AppHandoff\n", version, arch)
	control, err := tarGz(".", p.built, []file{{"control", 0o644, []byte(about)}})
	if err != nil {
		return file{}, err
	}
	installed := []file{{"usr/bin/mockdesk", 0o755, p.binary}}
	for _, f := range terms {
		installed = append(installed, file{"usr/share/doc/mockdesk/" + f.name, f.mode, f.content})
	}
	for _, f := range common {
		folder := map[string]string{
			".1": "usr/share/man/man1", ".bash": "usr/share/bash-completion/completions", ".fish": "usr/share/fish/vendor_completions.d", "": "usr/share/zsh/vendor-completions",
		}[path.Ext(f.name)]
		if folder != "" {
			installed = append(installed, file{folder + "/" + strings.TrimSuffix(path.Base(f.name), ".bash"), f.mode, f.content})
		}
	}
	data, err := tarGz(".", p.built, installed)
	if err != nil {
		return file{}, err
	}
	var packed bytes.Buffer
	packed.WriteString("!<arch>\n")
	for _, f := range []file{{"debian-binary", 0o644, []byte("2.0\n")}, {"control.tar.gz", 0o644, control}, {"data.tar.gz", 0o644, data}} {
		arEntry(&packed, p.built, f)
	}
	return file{"mockdesk_" + version + "_" + arch + ".deb", 0o644, packed.Bytes()}, nil
}

// arEntry adds a file to an ar archive, in which every file begins at an even
// offset.
func arEntry(to *bytes.Buffer, at time.Time, f file) {
	fmt.Fprintf(to, "%-16s%-12d%-6d%-6d%-8o%-10d`\n", f.name, at.Unix(), 0, 0, 0o100000|f.mode, len(f.content))
	to.Write(f.content)
	if len(f.content)%2 == 1 {
		to.WriteByte('\n')
	}
}

// before matches a version that precedes a release.
var before = regexp.MustCompile(`^(\d+\.\d+\.\d+)-`)

// debVersion returns a version of Go as Debian writes it.
func debVersion(version string) string {
	return before.ReplaceAllString(npmVersion(version), "$1~")
}
