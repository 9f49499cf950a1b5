//go:build e2e

package e2e_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// artefacts is a folder with what make release makes for this platform, built
// once from a clone of the repository, changes included.
var artefacts = sync.OnceValues(buildArtefacts)

func buildArtefacts() (string, error) {
	scratch := filepath.Dir(binary)
	clone, out := filepath.Join(scratch, "clone"), filepath.Join(scratch, "dist")
	for _, line := range []string{
		"git clone --quiet --shared ../.. " + clone,
		"git -C ../.. diff --binary HEAD | git -C " + clone + " apply --allow-empty",
		"cd ../.. && git ls-files -z --others --exclude-standard | xargs -0r cp --parents -t " + clone,
		"cd " + clone + " && go run ./internal/release -out " + out + " -platforms " + runtime.GOOS + "/" + runtime.GOARCH,
	} {
		if said, err := exec.Command("sh", "-c", line).CombinedOutput(); err != nil {
			return "", fmt.Errorf("%s: %w\n%s", line, err, said)
		}
	}
	return out, nil
}

// artefact returns the path of the one file that a pattern names.
func artefact(t *testing.T, pattern string) string {
	t.Helper()
	folder, err := artefacts()
	if err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("make release made %q for %s, %v", found, pattern, err)
	}
	return found[0]
}

// nodeFolder is a folder with the tools of node/package.json. It stays in bin,
// so that they are installed once for each lock file.
var nodeFolder = sync.OnceValues(installNode)

func installNode() (string, error) {
	folder, err := filepath.Abs("../../bin/node")
	if err != nil {
		return "", err
	}
	lock, err := os.ReadFile("node/package-lock.json")
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(lock)
	stamp, want := filepath.Join(folder, "installed"), hex.EncodeToString(sum[:])
	if found, _ := os.ReadFile(stamp); string(found) == want {
		return folder, nil
	}
	if err := errors.Join(os.RemoveAll(folder), os.MkdirAll(filepath.Dir(folder), 0o755), os.CopyFS(folder, os.DirFS("node"))); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	install := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	install.Dir = folder
	if said, err := install.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci: %w; without npm and its registry nothing can be said about the packages\n%s", err, said)
	}
	return folder, os.WriteFile(stamp, []byte(want), 0o600)
}

// node returns the folder of the tools, and fails the test without them.
func node(t *testing.T) string {
	t.Helper()
	need(t, "node", "nodejs")
	need(t, "npm", "npm")
	folder, err := nodeFolder()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// ended runs a program in a folder and returns its exit code and all that it wrote.
func ended(t *testing.T, folder string, env []string, program string, args ...string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, program, args...)
	command.Dir, command.Env = folder, append(os.Environ(), env...)
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, &out)
	}
	return command.ProcessState.ExitCode(), out.String()
}

// mustEnd is ended of what has to succeed.
func mustEnd(t *testing.T, folder string, env []string, program string, args ...string) string {
	t.Helper()
	code, out := ended(t, folder, env, program, args...)
	if code != 0 {
		t.Fatalf("%s %s ended with %d:\n%s", program, strings.Join(args, " "), code, out)
	}
	return out
}
