package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strconv"

	"github.com/mockdesk/mockdesk/internal/process"
)

// bare serves the bytes of a file at every address: the floor that net/http
// sets.
func bare(file string) error {
	page, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	length := strconv.Itoa(len(page))
	return answer("bare", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", length)
		_, _ = w.Write(page) // a client that has left needs no answer
	}))
}

// forward passes every request on to an address and does nothing else: the
// floor that net/http/httputil sets for a proxy.
func forward(target string) error {
	address, err := url.Parse(target)
	if err != nil {
		return err
	}
	return answer("forward", &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(address) }, FlushInterval: -1,
		Transport: &http.Transport{MaxIdleConnsPerHost: 100, DisableCompression: true},
	})
}

// answer serves on a free port and prints its address.
func answer(name string, h http.Handler) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("%s answers on http://%s\n", name, listener.Addr())
	return http.Serve(listener, h)
}

// startBare starts the bare program with a page.
func startBare(page []byte) (*process.Process, error) {
	file, err := keep(page)
	if err != nil {
		return nil, err
	}
	defer os.Remove(file) // it is read before the program answers
	return startSelf("bare", file)
}

// startSelf starts this program as one of the floors.
func startSelf(args ...string) (*process.Process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return process.Start(os.Stderr, self, args...)
}

// keep writes a temporary file and returns its name.
func keep(content []byte) (name string, err error) {
	file, err := os.CreateTemp("", "mockdesk-bench-")
	if err != nil {
		return "", err
	}
	_, err = file.Write(content)
	return file.Name(), errors.Join(err, file.Close())
}
