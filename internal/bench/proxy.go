package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/mockdesk/mockdesk/internal/process"
)

// forward passes all on to an address and does nothing else: the floor that
// net/http/httputil sets for a proxy.
func forward(target string) error {
	address, err := url.Parse(target)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("forward answers on http://%s\n", listener.Addr())
	return http.Serve(listener, &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(address) }, FlushInterval: -1,
		Transport: &http.Transport{MaxIdleConnsPerHost: 100, DisableCompression: true},
	})
}

// proxies prints what a page costs through mockdesk proxy beside a bare ReverseProxy,
// and beside toxiproxy, which passes bytes on and knows nothing of HTTP.
func (b *bench) proxies(toxiproxy string) error {
	page, err := b.page()
	if err != nil {
		return err
	}
	defer os.Remove(page)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	end, err := process.Start(os.Stderr, self, "bare", page)
	if err != nil {
		return err
	}
	defer end.Kill()
	ours, err := process.Start(os.Stderr, b.binary, "proxy", "http://"+end.Host, "--addr", "127.0.0.1:0", "--quiet")
	if err != nil {
		return err
	}
	defer ours.Kill()
	bare, err := process.Start(os.Stderr, self, "forward", "http://"+end.Host)
	if err != nil {
		return err
	}
	defer bare.Kill()
	fmt.Fprintf(b.out, "\nmockdesk proxy, a page of 25 tickets\n\n| beside | rate, 1 conn | CPU, 1 conn | rate, 16 conn | CPU, 16 conn | p50, 16 conn | p99, 16 conn |\n|---|---|---|---|---|---|---|\n")
	if b.results.proxy, err = b.beside("a bare ReverseProxy", ours, bare); err != nil {
		return err
	}
	if toxiproxy == "" {
		return nil
	}
	toxic, err := startToxiproxy(toxiproxy, end.Host)
	if err != nil {
		return err
	}
	defer toxic.Kill()
	_, err = b.beside("toxiproxy", ours, toxic)
	return err
}

// beside prints a row of a proxy beside another one.
func (b *bench) beside(name string, ours, other *process.Process) (ratios, error) {
	r := request{"GET", "/api/v1/tickets", ""}
	one, err := b.compare(ours, other, r, 1)
	if err != nil {
		return ratios{}, err
	}
	sixteen, err := b.compare(ours, other, r, 16)
	if err != nil {
		return ratios{}, err
	}
	_, err = fmt.Fprintf(b.out, "| %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |\n", name, one.rate, one.cpu, sixteen.rate, sixteen.cpu, sixteen.p50, sixteen.p99)
	return sixteen, err
}

// page keeps a page of the default world in a file.
func (b *bench) page() (string, error) {
	fake, err := process.Start(os.Stderr, b.binary, "serve", "--addr", "127.0.0.1:0", "--quiet")
	if err != nil {
		return "", err
	}
	defer fake.Kill()
	text, err := once(fake.Host, request{"GET", "/api/v1/tickets", ""})
	if err != nil {
		return "", err
	}
	name := filepath.Join(os.TempDir(), "mockdesk-bench-page-"+strconv.Itoa(os.Getpid()))
	return name, os.WriteFile(name, text, 0o600)
}

// startToxiproxy starts toxiproxy in front of an address.
func startToxiproxy(binary, upstream string) (*process.Process, error) {
	var ports [2]string
	for i := range ports {
		free, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		ports[i] = free.Addr().String()
		_ = free.Close()
	}
	config, err := json.Marshal([]map[string]any{{"name": "page", "listen": ports[0], "upstream": upstream, "enabled": true}})
	if err != nil {
		return nil, err
	}
	file := filepath.Join(os.TempDir(), "mockdesk-bench-toxiproxy-"+strconv.Itoa(os.Getpid())+".json")
	if err := os.WriteFile(file, config, 0o600); err != nil {
		return nil, err
	}
	defer os.Remove(file)
	_, port, _ := net.SplitHostPort(ports[1])
	// It says where it listens in a form of its own, and much besides.
	p, err := process.Start(os.Stderr, "sh", "-c", `echo "$4"; exec "$0" -host 127.0.0.1 -port "$1" -config "$2" >"$3"`, binary, port, file, os.DevNull, ports[0])
	if err != nil {
		return nil, err
	}
	for began := time.Now(); time.Since(began) < 10*time.Second; {
		if c, err := net.Dial("tcp", ports[0]); err == nil {
			return p, c.Close()
		}
	}
	p.Kill()
	return nil, fmt.Errorf("%s does not listen on %s", binary, ports[0])
}
