package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// npmNames are Node's words for platforms.
var npmNames = strings.NewReplacer("windows", "win32", "amd64", "x64", "/", "-")

// npmPlatform returns the package of npm that holds the binary of a platform.
func npmPlatform(p product, terms []file) (file, error) {
	goos, goarch, _ := strings.Cut(npmNames.Replace(p.platform), "-")
	name := "@mockdesk/" + goos + "-" + goarch
	about, err := json.MarshalIndent(map[string]any{
		"name": name, "version": npmVersion(p.version), "license": "MIT", "os": []string{goos}, "cpu": []string{goarch}, "preferUnplugged": true,
		"description": "The binary of mockdesk for " + p.platform + "; install mockdesk.",
	}, "", "  ")
	if err != nil {
		return file{}, err
	}
	return npmPack(name, p, append([]file{{"package.json", 0o644, about}, {p.binaryName(), 0o755, p.binary}}, terms...))
}

// npmMain returns the package that a project asks for: those of the platforms
// are its optional dependencies.
func (r release) npmMain(p product) (file, error) {
	files, err := contents(filepath.Join(r.root, "deploy", "npm"))
	if err != nil {
		return file{}, err
	}
	for i, f := range files {
		if f.name != "package.json" {
			continue
		}
		var about map[string]any
		if err := json.Unmarshal(f.content, &about); err != nil {
			return file{}, fmt.Errorf("deploy/npm/package.json: %w", err)
		}
		binaries := map[string]string{}
		for _, platform := range r.platforms {
			binaries["@mockdesk/"+npmNames.Replace(platform)] = npmVersion(p.version)
		}
		about["version"], about["optionalDependencies"] = npmVersion(p.version), binaries
		if files[i].content, err = json.MarshalIndent(about, "", "  "); err != nil {
			return file{}, err
		}
	}
	terms, err := os.ReadFile(filepath.Join(r.root, "LICENSE"))
	if err != nil {
		return file{}, err
	}
	return npmPack("mockdesk", p, append(files, file{"LICENSE", 0o644, terms}))
}

// npmPack packs a package as npm pack does.
func npmPack(name string, p product, files []file) (file, error) {
	archive, err := tarGz("package", p.built, files)
	flat := strings.ReplaceAll(strings.TrimPrefix(name, "@"), "/", "-")
	return file{flat + "-" + npmVersion(p.version) + ".tgz", 0o644, archive}, err
}

// npmVersion returns a version of Go as npm writes it.
func npmVersion(version string) string {
	version, _, _ = strings.Cut(strings.TrimPrefix(version, "v"), "+")
	return version
}
