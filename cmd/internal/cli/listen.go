package cli

import (
	"errors"
	"net"
	"net/http"
	"strconv"
	"syscall"

	"github.com/mockdesk/mockdesk/mockserver"
)

// defaultListen is where serve listens unless it is told otherwise. The name
// localhost stands for both loopback addresses, because clients resolve it to
// either.
const defaultListen = "localhost:4010"

// freePorts is how many free ports of IPv4 are tried for one that is free
// for IPv6 too.
const freePorts = 20

// listenOn opens the addresses that addr stands for; the first listener is the
// one to announce.
func listenOn(addr string) ([]net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil || host != "localhost" {
		listener, err := net.Listen("tcp", addr)
		return []net.Listener{listener}, listenFailure(addr, err)
	}
	for range freePorts {
		var listeners []net.Listener
		if listeners, err = listenOnBoth(port); port != "0" || !errors.Is(err, syscall.EADDRINUSE) {
			return listeners, err
		}
	}
	return nil, err
}

// listenOnBoth opens a port of both loopback addresses. A machine may lack one
// of them, but where it has both, no other program may answer at one of them.
func listenOnBoth(port string) ([]net.Listener, error) {
	v4, err4 := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", port))
	if err4 == nil {
		port = strconv.Itoa(v4.Addr().(*net.TCPAddr).Port)
	} else if errors.Is(err4, syscall.EADDRINUSE) {
		return nil, listenFailure(net.JoinHostPort("127.0.0.1", port), err4)
	}
	v6, err6 := net.Listen("tcp6", net.JoinHostPort("::1", port))
	switch {
	case err4 == nil && err6 == nil:
		return []net.Listener{v4, v6}, nil
	case err6 == nil:
		return []net.Listener{v6}, nil
	case err4 != nil:
		return nil, listenFailure(net.JoinHostPort("127.0.0.1", port), err4)
	case errors.Is(err6, syscall.EADDRINUSE):
		hint := "--addr 127.0.0.1:" + port + " listens for IPv4 alone, and localhost may then lead to the other program; --addr localhost:0 picks a port that is free for both"
		err := fail(exitRun, hint, "cannot listen on [::1]:%s as well as on 127.0.0.1: %w", port, err6)
		return nil, errors.Join(err, v4.Close())
	}
	return []net.Listener{v4}, nil
}

// listenFailure explains why the address cannot be listened on.
func listenFailure(addr string, err error) error {
	what := "cannot listen on " + addr
	if _, bad := errors.AsType[*net.AddrError](err); bad {
		return failAs(err, exitUsage, "--addr takes HOST:PORT, such as 127.0.0.1:4010", what)
	}
	return failAs(err, exitRun, "--addr 127.0.0.1:0 picks a free port", what)
}

// answerOn serves the listeners, with TLS when there is a certificate. The
// first error of any of them arrives on the channel.
func answerOn(server *mockserver.Server, web *http.Server, listeners []net.Listener) <-chan error {
	ended := make(chan error, len(listeners))
	secure := web.TLSConfig != nil // Serve sets one
	for _, listener := range listeners {
		go func() {
			if secure {
				ended <- web.ServeTLS(listener, "", "")
				return
			}
			ended <- web.Serve(server.Listen(listener))
		}()
	}
	return ended
}

// closeAll closes the listeners.
func closeAll(listeners []net.Listener) {
	for _, listener := range listeners {
		_ = listener.Close() // a shutdown may have closed it
	}
}
