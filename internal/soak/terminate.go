package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/mockdesk/mockdesk/internal/process"
)

// writers is how many connections write notes while the server ends.
const writers = 64

// terminate ends a server under load. Every request that it logs as answered
// must have been answered completely, including its note.
func (s *soak) terminate() error {
	var log bytes.Buffer // Wait returns after the last line was copied
	server, err := process.Start(&log, s.binary, "serve", "--addr", "127.0.0.1:0", "--log-format", "json")
	if err != nil {
		return err
	}
	defer server.Kill()
	c := newClient(server.Host, writers)
	var created, refused atomic.Int64
	var wait sync.WaitGroup
	broken := make([]error, writers)
	for i := range broken {
		wait.Go(func() {
			for {
				status, err := c.send(http.MethodPost, noted, defaultKey, note)
				switch {
				case err == nil && status == http.StatusCreated:
					created.Add(1)
				case err == nil:
					broken[i] = fmt.Errorf("a note answered %d", status)
					return
				case status != 0 || !unanswered(err):
					broken[i] = fmt.Errorf("an answer was broken off: %w", err)
					return
				default:
					refused.Add(1)
					return
				}
			}
		})
	}
	time.Sleep(time.Second)
	if err := server.Terminate(); err != nil {
		return fmt.Errorf("it ended with %w", err)
	}
	wait.Wait()
	if err := errors.Join(broken...); err != nil {
		return err
	}
	told := int64(bytes.Count(log.Bytes(), []byte(`"status":201`)))
	if told != created.Load() || told == 0 {
		return fmt.Errorf("it says it took %d notes, its clients were told of %d", told, created.Load())
	}
	fmt.Fprintf(s.out, "termination: %d notes taken and answered, none lost; %d connections ended without a request taken\n", told, refused.Load())
	return nil
}

// unanswered reports whether the server ended or refused a connection before
// a byte of an answer.
func unanswered(err error) bool {
	var dial *net.OpError
	const idle = "http: server closed idle connection" // net/http does not export it
	return strings.Contains(err.Error(), idle) || errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.ECONNREFUSED) ||
		errors.Is(err, syscall.EPIPE) || errors.As(err, &dial) && dial.Op == "dial"
}
