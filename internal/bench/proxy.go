package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/mockdesk/mockdesk/internal/process"
)

// proxies prints what a page costs through mockdesk proxy, compared with a bare
// ReverseProxy and with toxiproxy, which passes bytes on and knows nothing of
// HTTP.
func (b *bench) proxies(toxiproxy string) error {
	page, err := b.page()
	if err != nil {
		return err
	}
	end, err := startBare(page)
	if err != nil {
		return err
	}
	defer end.Kill()
	ours, err := process.Start(os.Stderr, b.binary, "proxy", "http://"+end.Host, "--addr", "127.0.0.1:0", "--quiet")
	if err != nil {
		return err
	}
	defer ours.Kill()
	bare, err := startSelf("forward", "http://"+end.Host)
	if err != nil {
		return err
	}
	defer bare.Kill()
	fmt.Fprintf(b.out, "\nmockdesk proxy, a page of 25 tickets\n\n"+tableHead, "beside")
	if b.results.proxy, err = b.row("a bare ReverseProxy", ours, bare, aPage); err != nil {
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
	_, err = b.row("toxiproxy", ours, toxic, aPage)
	return err
}

// aPage is the first page of the default world.
var aPage = request{"GET", "/api/v1/tickets", ""}

// page returns what a fake answers to aPage.
func (b *bench) page() ([]byte, error) {
	fake, err := b.serve()
	if err != nil {
		return nil, err
	}
	defer fake.Kill()
	return once(fake.Host, aPage)
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
	file, err := keep(config)
	if err != nil {
		return nil, err
	}
	defer os.Remove(file)
	_, port, _ := net.SplitHostPort(ports[1])
	// Toxiproxy says where it listens in its own format, among much else.
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
