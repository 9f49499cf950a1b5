package target

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
)

// Handler is a transport that hands every request to h inside the process. A
// handler that panics, as with http.ErrAbortHandler, counts as a broken
// connection.
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
	w := httptest.NewRecorder()
	go func() { done <- serve(t.handler, w, inbound) }()
	select {
	case err := <-done:
		if err != nil {
			return nil, err
		}
		return received(r, w), nil
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

// received returns what a client gets of what a handler wrote: net/http sends
// no body for HEAD, and guesses the type of any other body.
func received(r *http.Request, w *httptest.ResponseRecorder) *http.Response {
	resp := w.Result()
	resp.Request, resp.ContentLength = r, int64(w.Body.Len())
	switch {
	case r.Method == http.MethodHead:
		resp.Body, resp.ContentLength = http.NoBody, 0
	case resp.Header.Get("Content-Type") == "" && w.Body.Len() > 0:
		resp.Header.Set("Content-Type", http.DetectContentType(w.Body.Bytes()))
	}
	return resp
}
