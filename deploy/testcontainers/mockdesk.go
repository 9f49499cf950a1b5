// Package mockdesk runs the image of mockdesk for a test in Go whose client needs
// a server beside it; a test that can have the fake in its own process has
// package mockservertest. Copy it into your tests: it is a module of its own.
package mockdesk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// Image is the image that make release builds for version 1.0.0; docker load
// loads it into an engine.
const Image = "mockdesk:1.0.0"

// port is where the image answers; token is what its control API asks for.
const (
	port  = "4010/tcp"
	token = "of-this-test"
)

// Container is a running fake.
type Container struct {
	testcontainers.Container
	URL string // such as http://localhost:32768, without a slash at its end
}

// Run starts an image and returns when it answers. End it with
// testcontainers.CleanupContainer, even after an error.
func Run(ctx context.Context, image string, options ...testcontainers.ContainerCustomizer) (Container, error) {
	own := []testcontainers.ContainerCustomizer{
		testcontainers.WithExposedPorts(port),
		testcontainers.WithEnv(map[string]string{"MOCKDESK_ADMIN_TOKEN": token}),
		testcontainers.WithWaitStrategy(wait.ForHTTP("/_mockdesk/healthz").WithPort(port)),
	}
	running, err := testcontainers.Run(ctx, image, append(own, options...)...)
	if err != nil {
		return Container{Container: running}, err
	}
	url, err := running.PortEndpoint(ctx, port, "http")
	return Container{Container: running, URL: url}, err
}

// Control calls the control API, such as POST faults with a rule. It returns
// the body of the answer; an answer that is not a success is an error.
func (c Container) Control(ctx context.Context, method, path, body string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.URL+"/_mockdesk/"+path, bytes.NewBufferString(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(response.Body)
	err = errors.Join(err, response.Body.Close())
	if err == nil && response.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s %s: %s: %s", method, path, response.Status, text)
	}
	return text, err
}
