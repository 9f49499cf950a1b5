//go:build e2e

package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// errand is what a client is asked to do, some times in a row.
type errand struct {
	method, url, key string
	times            int
	patience         time.Duration // for one attempt, or as the client counts
}

// clients are programs that retry. Each returns one word for each time: the
// status, or how it failed.
var clients = map[string]func(t *testing.T, e errand) []string{
	"curl":        curlClient(),
	"curl-all":    curlClient("--retry-all-errors"),
	"retryable":   retryableClient,
	"ky":          kyClient,
	"no-retrying": curlClient("--retry", "0"),
}

// need fails the test when a program is not there.
func need(t *testing.T, program, pkg string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Fatalf("%v: this test drives it; .ci/run installs it, or: apt-get install %s", err, pkg)
	}
}

// curlClient returns curl --retry with further flags.
func curlClient(flags ...string) func(t *testing.T, e errand) []string {
	return func(t *testing.T, e errand) []string {
		t.Helper()
		need(t, "curl", "curl")
		var words []string
		for i := range e.times {
			file := filepath.Join(t.TempDir(), strconv.Itoa(i))
			args := []string{
				"--silent", "--retry", "4", "--retry-delay", "1", "--max-time", fmt.Sprint(e.patience.Seconds()),
				"--output", file, "--write-out", "%{http_code} %{content_type}",
				"--header", "Authorization: Bearer " + e.key, "--request", e.method,
			}
			if e.method == http.MethodPost {
				args = append(args, "--json", noteBody)
			}
			out, err := exec.CommandContext(t.Context(), "curl", append(append(args, flags...), e.url)...).Output()
			words = append(words, curlWord(t, e, out, err, file))
		}
		return words
	}
}

// noteBody is the body that a POST sends.
const noteBody = `{"body": "A note."}`

// curlWord says what came of a call of curl.
func curlWord(t *testing.T, e errand, out []byte, err error, file string) string {
	t.Helper()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		switch exit.ExitCode() {
		case 18, 52, 56: // partial file, empty reply, failure in receiving
			return "broken"
		case 28:
			return "timeout"
		}
	}
	if err != nil {
		t.Fatalf("curl: %v", err)
	}
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	status, contentType, _ := strings.Cut(string(out), " ")
	return judge(e.method, status, contentType, body)
}

// retryableClient is hashicorp/go-retryablehttp.
func retryableClient(t *testing.T, e errand) []string {
	t.Helper()
	client := retryablehttp.NewClient()
	client.Logger = nil
	client.RetryMax, client.RetryWaitMin, client.RetryWaitMax = 4, time.Millisecond, 10*time.Millisecond
	// Connections are not used again, because then net/http retries by itself.
	client.HTTPClient = &http.Client{Timeout: e.patience, Transport: &http.Transport{DisableKeepAlives: true}}
	client.ErrorHandler = retryablehttp.PassthroughErrorHandler
	var words []string
	for range e.times {
		words = append(words, retryableWord(t, client, e))
	}
	return words
}

// retryableWord asks once.
func retryableWord(t *testing.T, client *retryablehttp.Client, e errand) string {
	t.Helper()
	var body any
	if e.method == http.MethodPost {
		body = []byte(noteBody)
	}
	r, err := retryablehttp.NewRequestWithContext(t.Context(), e.method, e.url, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+e.key)
	r.Header.Set("Content-Type", "application/json")
	response, err := client.Do(r)
	var text []byte
	if err == nil {
		defer response.Body.Close()
		text, err = io.ReadAll(response.Body)
	}
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case err != nil:
		return "broken"
	}
	return judge(e.method, strconv.Itoa(response.StatusCode), response.Header.Get("Content-Type"), text)
}

// judge says what a client makes of an answer.
func judge(method, status, contentType string, body []byte) string {
	if !strings.HasPrefix(status, "2") {
		return status
	}
	var list struct {
		Data []struct {
			Status *any `json:"status"`
		} `json:"data"`
	}
	switch err := json.Unmarshal(body, &list); {
	case contentType != "application/json":
		return "mistyped"
	case err != nil && method == http.MethodGet:
		return "unparsable"
	case method != http.MethodGet:
		return status
	case len(list.Data) == 0 || list.Data[0].Status == nil:
		return "misshapen"
	}
	if _, text := (*list.Data[0].Status).(string); !text {
		return "misshapen"
	}
	return status
}

// nodeFolder is the installed Node client, with axe-core beside it.
var nodeFolder = sync.OnceValues(installNode)

// installNode copies the Node client beside the binary and installs what it
// needs there.
func installNode() (string, error) {
	folder := filepath.Join(filepath.Dir(binary), "node")
	if err := os.CopyFS(folder, os.DirFS("node")); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	install := exec.CommandContext(ctx, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts")
	install.Dir = folder
	if out, err := install.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm install: %w\n%s", err, out)
	}
	return folder, nil
}

// kyClient is the ky library on Node.
func kyClient(t *testing.T, e errand) []string {
	t.Helper()
	need(t, "node", "nodejs")
	need(t, "npm", "npm")
	folder, err := nodeFolder()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "node", "client.mjs",
		e.method, e.url, e.key, strconv.Itoa(e.times), strconv.FormatInt(e.patience.Milliseconds(), 10))
	command.Dir = folder
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, &stderr)
	}
	return strings.Fields(string(out))
}
