package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/CycloneDX/cyclonedx-go"
)

// billOfMaterials lists the modules that a binary says it was built from, and
// Go's standard library, as CycloneDX JSON.
func billOfMaterials(p product) ([]byte, error) {
	goos, goarch, _ := strings.Cut(p.platform, "/")
	sum := sha256.Sum256(p.binary)
	mockdesk := module(cyclonedx.ComponentTypeApplication, p.info.Main.Path, p.version)
	mockdesk.Hashes = &[]cyclonedx.Hash{{Algorithm: cyclonedx.HashAlgoSHA256, Value: hex.EncodeToString(sum[:])}}
	mockdesk.Properties = &[]cyclonedx.Property{
		{Name: "goos", Value: goos}, {Name: "goarch", Value: goarch}, {Name: "commit", Value: setting(p.info, "vcs.revision")},
	}
	libraries := []cyclonedx.Component{module(cyclonedx.ComponentTypeLibrary, "std", strings.TrimPrefix(p.info.GoVersion, "go"))}
	for _, dependency := range p.info.Deps {
		libraries = append(libraries, library(dependency))
	}
	var refs []string
	for _, l := range libraries {
		refs = append(refs, l.BOMRef)
	}
	bom := cyclonedx.NewBOM()
	bom.SerialNumber = serial(sum[:])
	bom.Metadata = &cyclonedx.Metadata{Timestamp: p.built.UTC().Format(time.RFC3339), Component: &mockdesk}
	bom.Components = &libraries
	bom.Dependencies = &[]cyclonedx.Dependency{{Ref: mockdesk.BOMRef, Dependencies: &refs}}
	var text bytes.Buffer
	encoder := cyclonedx.NewBOMEncoder(&text, cyclonedx.BOMFileFormatJSON)
	err := encoder.SetPretty(true).SetEscapeHTML(false).Encode(bom)
	return text.Bytes(), err
}

// library describes a module that was built in.
func library(m *debug.Module) cyclonedx.Component {
	if m.Replace != nil {
		m = m.Replace
	}
	l := module(cyclonedx.ComponentTypeLibrary, m.Path, m.Version)
	if m.Sum != "" {
		l.Properties = &[]cyclonedx.Property{{Name: "go.sum", Value: m.Sum}}
	}
	return l
}

// module describes a Go module.
func module(kind cyclonedx.ComponentType, path, version string) cyclonedx.Component {
	url := "pkg:golang/" + path + "@" + strings.ReplaceAll(version, "+", "%2B")
	return cyclonedx.Component{BOMRef: url, Type: kind, Name: path, Version: version, PackageURL: url}
}

// serial makes a UUID (RFC 9562, version 8) from a checksum, so that the same
// binary gets the same UUID.
func serial(sum []byte) string {
	id := bytes.Clone(sum[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
