//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// cluster is a private PostgreSQL server in a directory of its own, reached over a Unix socket there.
type cluster struct {
	ctx      context.Context // ends the questions, not the server
	bin, dir string
	account  *syscall.Credential // nil: the user who runs this program
}

// startCluster makes a server with the locale C.UTF-8 and starts it. PostgreSQL
// refuses to run as root; in that case the server runs as the user postgres.
func startCluster(ctx context.Context) (*cluster, error) {
	bin, err := postgresBin()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "websearch-oracle-")
	if err != nil {
		return nil, err
	}
	c := &cluster{ctx: ctx, bin: bin, dir: dir}
	if err := c.start(); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

func (c *cluster) start() error {
	if os.Geteuid() == 0 {
		owner, err := user.Lookup("postgres")
		if err != nil {
			return fmt.Errorf("PostgreSQL does not run as root: %w\nhint: run as another user, or apt-get install -y postgresql", err)
		}
		uid, _ := strconv.Atoi(owner.Uid)
		gid, _ := strconv.Atoi(owner.Gid)
		if err := os.Chown(c.dir, uid, gid); err != nil {
			return err
		}
		c.account = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	if err := c.run("initdb", "-D", c.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"); err != nil {
		return err
	}
	// The port names the socket file in the cluster's directory; nothing listens on TCP.
	return c.run("pg_ctl", "-D", c.data(), "-w", "-l", filepath.Join(c.dir, "log"),
		"-o", "-p 5432 -c listen_addresses= -c fsync=off -c max_stack_depth=6MB -k "+c.dir, "start")
}

// stop ends the server and removes its directory.
func (c *cluster) stop() error {
	var err error
	if _, missing := os.Stat(filepath.Join(c.data(), "postmaster.pid")); missing == nil {
		err = c.run("pg_ctl", "-D", c.data(), "-m", "immediate", "-w", "stop")
	}
	return errors.Join(err, os.RemoveAll(c.dir))
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

func (c *cluster) run(program string, args ...string) error {
	cmd := exec.Command(filepath.Join(c.bin, program), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.account, Setpgid: true} // a terminal's interrupt is not for the server
	// pg_ctl leaves the server running with its output: a pipe would never end.
	out, err := os.CreateTemp("", "websearch-oracle-out-")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(out.Name())
		return fmt.Errorf("%s: %w\n%s", program, err, text)
	}
	return nil
}

// postgresBin finds the directory of initdb: on the path, or where Debian puts it.
func postgresBin() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return "", err
		}
		return filepath.Dir(path), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errors.New("initdb not found\nhint: apt-get install -y postgresql")
	}
	return filepath.Dir(slices.Max(found)), nil
}
