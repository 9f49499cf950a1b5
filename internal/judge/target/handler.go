package target

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// Handler is a transport that hands every request to h inside the process.
// A handler that panics, as with http.ErrAbortHandler, broke the connection.
func Handler(h http.Handler) http.RoundTripper { return handlerTransport{h} }

type handlerTransport struct{ handler http.Handler }

// RoundTrip waits for the handler or for the end of the request's context.
func (t handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	inbound := r.Clone(r.Context())
	inbound.RequestURI = r.URL.RequestURI()
	inbound.RemoteAddr = "127.0.0.1:1"
	inbound.Host = r.URL.Host
	if inbound.Body == nil {
		inbound.Body = http.NoBody
	}
	done := make(chan error, 1)
	w := &responseBuffer{header: http.Header{}}
	go func() { done <- serve(t.handler, w, inbound) }()
	select {
	case err := <-done:
		if err != nil {
			return nil, err
		}
		return w.response(r), nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// serve turns a panic of the handler into an error.
func serve(h http.Handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			err = errors.New("the handler broke the connection")
		default:
			err = fmt.Errorf("the handler panicked: %v", p)
		}
	}()
	h.ServeHTTP(w, r)
	return nil
}

// responseBuffer keeps what a handler writes.
type responseBuffer struct {
	header http.Header
	sent   http.Header // the header as it was when the status was written
	status int
	body   bytes.Buffer
}

func (w *responseBuffer) Header() http.Header { return w.header }

func (w *responseBuffer) WriteHeader(status int) {
	if w.status == 0 {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *responseBuffer) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

func (w *responseBuffer) Flush() { w.WriteHeader(http.StatusOK) }

// response is what a client would have received.
func (w *responseBuffer) response(r *http.Request) *http.Response {
	w.WriteHeader(http.StatusOK)
	body := w.body.Bytes()
	if r.Method == http.MethodHead {
		body = nil
	}
	if w.sent.Get("Content-Type") == "" && len(body) > 0 {
		w.sent.Set("Content-Type", http.DetectContentType(body))
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: r,
	}
}
