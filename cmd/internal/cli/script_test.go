package cli_test

import (
	"bufio"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/mockdesk/mockdesk/cmd/internal/cli"
	"github.com/mockdesk/mockdesk/internal/race"
)

var update = flag.Bool("update", false, "rewrite the goldens in the scripts")

// patience is how long a test waits for what must come.
const patience = 2 * time.Minute

// TestMain lets the scripts run mockdesk itself, the clients ask and curl,
// which a machine may lack, stubborn and hurry.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"mockdesk": mockdesk, "ask": ask, "curl": curlMain, "stubborn": stubborn, "hurry": hurry})
}

// mockdesk is the command as main runs it.
func mockdesk() {
	ctx, stop := cli.Interruptible()
	defer stop()
	os.Exit(cli.Run(ctx, cli.Terminal{
		Args: os.Args[1:], Env: os.LookupEnv, Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	}))
}

// ask METHOD URL [HEADER: VALUE]... prints the status and the body of an
// answer. It is given the address of exec's fake as $URL_OF_FAKE.
func ask() {
	address := strings.Replace(os.Args[2], "$URL_OF_FAKE", os.Getenv("MOCKDESK_URL"), 1)
	request, err := http.NewRequest(os.Args[1], address, nil)
	if err == nil {
		for _, header := range os.Args[3:] {
			name, value, _ := strings.Cut(os.ExpandEnv(header), ": ")
			request.Header.Set(name, value)
		}
		var answer *http.Response
		if answer, err = http.DefaultClient.Do(request); err == nil {
			fmt.Println(answer.StatusCode)
			_, err = io.Copy(os.Stdout, answer.Body)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// hurry N sends a wrong request over each of N connections and ends without
// waiting for an answer.
func hurry() {
	n, err := strconv.Atoi(os.Args[1])
	host := strings.TrimPrefix(os.Getenv("MOCKDESK_URL"), "http://")
	var open []net.Conn
	for range n {
		conn, dialled := net.Dial("tcp", host)
		if err = errors.Join(err, dialled); err != nil {
			break
		}
		open = append(open, conn)
	}
	for _, conn := range open {
		fmt.Fprintf(conn, "GET /api/v1/tickets?statsu=open HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", host, os.Getenv("MOCKDESK_KEY"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// concurrent are the scripts of commands that do several things at once.
var concurrent = []string{
	"cors.txtar", "exec.txtar", "limits.txtar", "proxy.txtar", "ready-file.txtar", "serve.txtar", "tls.txtar",
}

// TestScripts runs the scripts of testdata/script.
func TestScripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if race.Enabled { // the others print, or judge one request after the other
		files = slices.DeleteFunc(files, func(name string) bool { return !slices.Contains(concurrent, filepath.Base(name)) })
	}
	testscript.Run(t, testscript.Params{
		Files:         files,
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("URL_OF_FAKE", "$URL_OF_FAKE") // only ask knows it
			return nil
		},
		RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"certificate": certificate,
			"start":       start,
			"shutdown":    shutdown,
		},
	})
}

// certificate CERT KEY writes the certificate for 127.0.0.1 that net/http tests
// with, and its key.
func certificate(ts *testscript.TestScript, _ bool, args []string) {
	web := httptest.NewTLSServer(nil)
	defer web.Close()
	pair := web.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	ts.Check(err)
	for i, block := range []*pem.Block{{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, {Type: "PRIVATE KEY", Bytes: key}} {
		ts.Check(os.WriteFile(ts.MkAbs(args[i]), pem.EncodeToMemory(block), 0o600))
	}
}

// process is a server that a script has started.
type process struct {
	command *exec.Cmd
	output  *bufio.Reader
}

// start [NAME=VALUE]... ARGS... runs mockdesk ARGS... until shutdown, and waits
// for its ready line, whose address becomes $URL.
func start(ts *testscript.TestScript, _ bool, args []string) {
	first := slices.IndexFunc(args, func(arg string) bool { return !strings.Contains(arg, "=") })
	command := exec.Command("mockdesk", args[first:]...)
	command.Env = append(os.Environ(), args[:first]...)
	command.Dir = ts.Getenv("WORK")
	stdout, err := command.StdoutPipe()
	ts.Check(err)
	log, err := os.Create(ts.MkAbs("stderr.log"))
	ts.Check(err)
	command.Stderr = log
	ts.Check(command.Start())
	p := &process{command: command, output: bufio.NewReader(stdout)}
	ts.Defer(func() { _ = command.Process.Kill(); _ = log.Close() })
	line, err := p.output.ReadString('\n')
	ts.Check(err)
	_, url, found := strings.Cut(strings.TrimSpace(line), "mockdesk answers on ")
	if !found {
		ts.Fatalf("unexpected first line %q", line)
	}
	ts.Setenv("URL", url)
	_, host, _ := strings.Cut(url, "://")
	ts.Setenv("HOST", host)
	running.Store(ts, p)
}

// running holds the server of each script.
var running sync.Map

// shutdown ends the server with SIGTERM and expects exit code 0. (The script
// itself ends at a command stop.)
func shutdown(ts *testscript.TestScript, _ bool, _ []string) {
	found, _ := running.Load(ts)
	p := found.(*process)
	ts.Check(p.command.Process.Signal(syscall.SIGTERM))
	rest, err := io.ReadAll(p.output)
	ts.Check(err)
	if len(rest) > 0 {
		ts.Fatalf("more than the ready line on standard output: %q", rest)
	}
	ts.Check(p.command.Wait())
}
