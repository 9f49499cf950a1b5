package main

import (
	"archive/tar"
	"bytes"
	"io"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// image returns an image with the binary and the terms of what is in it, and
// nothing else, for docker load and podman load.
func image(p product, terms []file) (file, error) {
	files, err := packTar("", p.built, tar.FormatPAX, append([]file{{"mockdesk", 0o755, p.binary}}, terms...))
	if err != nil {
		return file{}, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(files)), nil })
	if err != nil {
		return file{}, err
	}
	filled, err := mutate.AppendLayers(empty.Image, layer)
	if err != nil {
		return file{}, err
	}
	goos, goarch, _ := strings.Cut(p.platform, "/")
	filled, err = mutate.ConfigFile(filled, &v1.ConfigFile{
		OS: goos, Architecture: goarch, Created: v1.Time{Time: p.built},
		RootFS: v1.RootFS{Type: "layers", DiffIDs: diffIDs(filled)},
		Config: v1.Config{
			Entrypoint: []string{"/mockdesk"}, Cmd: []string{"serve", "--addr", ":4010"}, User: "65534:65534",
			// Whoever is not in the container needs a token for the control API.
			Env:          []string{"MOCKDESK_ADMIN_TOKEN=auto"},
			ExposedPorts: map[string]struct{}{"4010/tcp": {}},
			Healthcheck: &v1.HealthConfig{
				Test: []string{"CMD", "/mockdesk", "health", "http://127.0.0.1:4010"}, Interval: 10 * time.Second, Timeout: 3 * time.Second,
			},
			Labels: map[string]string{"org.opencontainers.image.version": p.version, "org.opencontainers.image.licenses": "MIT"},
		},
	})
	if err != nil {
		return file{}, err
	}
	tag, err := name.NewTag("mockdesk:" + npmVersion(p.version))
	if err != nil {
		return file{}, err
	}
	var packed bytes.Buffer
	err = tarball.Write(tag, filled, &packed)
	return file{"mockdesk_" + npmVersion(p.version) + "_image_" + goarch + ".tar", 0o644, packed.Bytes()}, err
}

// diffIDs are the checksums of the layers of an image.
func diffIDs(i v1.Image) []v1.Hash {
	about, err := i.ConfigFile()
	if err != nil {
		return nil // the image was just made of what is in memory
	}
	return about.RootFS.DiffIDs
}
