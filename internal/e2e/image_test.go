//go:build e2e && linux

package e2e_test

import (
	"archive/tar"
	"bufio"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// unpack lays the root file system of an image out and returns its configuration.
func unpack(t *testing.T, archive, root string) v1.Config {
	t.Helper()
	image, err := tarball.ImageFromPath(archive, nil)
	if err != nil {
		t.Fatal(err)
	}
	about, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	layers, err := image.Layers()
	if err != nil || len(layers) != 1 {
		t.Fatalf("%d layers, %v", len(layers), err)
	}
	content, err := layers[0].Uncompressed()
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	for reader := tar.NewReader(content); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return about.Config
		}
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(root, header.Name)
		text, err := io.ReadAll(reader)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o755)
		}
		if err == nil {
			err = os.WriteFile(path, text, header.FileInfo().Mode())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestImage runs the root file system of the image as an engine would, without one.
func TestImage(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Fatal("only root may run the root file system of an image")
	}
	root, err := os.MkdirTemp("", "mockdesk-image-") // who runs in it may read it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(root) })
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	config := unpack(t, artefact(t, "mockdesk_*_image_amd64.tar"), root)
	if config.User != "65534:65534" || config.Healthcheck == nil || config.Cmd[0] != "serve" {
		t.Fatalf("the image is configured as %+v", config)
	}
	inside := func(env []string, args ...string) *exec.Cmd {
		command := exec.CommandContext(t.Context(), args[0], args[1:]...)
		command.Dir, command.Env = "/", env
		command.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		return command
	}
	// Another address than the usual one, which may be taken here.
	serve := inside(config.Env, append(config.Entrypoint, "serve", "--addr", ":0")...)
	stdout, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := serve.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { serve.Process.Kill() }) // it has ended unless the test failed
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	token := ""
	for said := bufio.NewScanner(stderr); token == "" && said.Scan(); {
		if said.Text() == "Admin token:" && said.Scan() {
			token = strings.TrimSpace(said.Text())
		}
	}
	if len(token) < 20 {
		t.Fatalf("it prints the token %q", token)
	}
	url := strings.TrimSpace(strings.TrimPrefix(line, "mockdesk answers on "))
	health := append([]string{}, config.Healthcheck.Test[1:]...)
	health[len(health)-1] = url
	if out, err := inside(nil, health...).CombinedOutput(); err != nil {
		t.Errorf("it is not healthy: %v\n%s", err, out)
	}
	if got := forwarded(t, url, ""); got != http.StatusUnauthorized {
		t.Errorf("without the token: %d, want 401", got)
	}
	if got := forwarded(t, url, token); got != http.StatusOK {
		t.Errorf("with the token: %d, want 200", got)
	}
	if err := errors.Join(serve.Process.Signal(syscall.SIGTERM), serve.Wait()); err != nil {
		t.Errorf("it ends with %v", err)
	}
}

// forwarded asks for the catalog as another machine does, and returns the status.
func forwarded(t *testing.T, url, token string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/_mockdesk/catalog", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Forwarded-For", "172.17.0.1")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

// TestTestcontainers builds the example that runs the image; without an engine
// its own test is skipped.
func TestTestcontainers(t *testing.T) {
	t.Parallel()
	mustEnd(t, "../../deploy/testcontainers", []string{"GOFLAGS=-mod=readonly"}, "go", "vet", "./...")
}
