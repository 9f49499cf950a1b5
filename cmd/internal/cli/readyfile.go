package cli

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// writeReady writes the ready file. The function it returns removes the file,
// if it is a regular one and still the one that was written.
func writeReady(t Terminal, path string, r ready) (remove func(), err error) {
	content, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, err
	}
	content = append(content, '\n')
	if stream := streamAt(t, path); stream != nil {
		_, err := stream.Write(content)
		return func() {}, err
	}
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return func() {}, writeInPlace(path, content)
	}
	written, err := writeWhole(path, content)
	return func() {
		found, err := os.Lstat(path)
		if err == nil && os.SameFile(found, written) && found.ModTime().Equal(written.ModTime()) {
			_ = os.Remove(path) // the server ends anyway
		}
	}, err
}

// writeWhole writes a file in one step: a reader sees all of it or none.
func writeWhole(path string, content []byte) (fs.FileInfo, error) {
	temporary, err := os.CreateTemp(filepath.Dir(path), ".ready-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(temporary.Name()) // fails once it is renamed
	_, err = temporary.Write(content)
	if err := errors.Join(err, temporary.Close()); err != nil {
		return nil, err
	}
	if err := os.Rename(temporary.Name(), path); err != nil {
		return nil, err
	}
	return os.Lstat(path)
}

// streamAt returns the standard stream that a path such as /dev/stdout leads
// to, nil for any other path. If the path were opened again, a file behind it
// would be overwritten from its start.
func streamAt(t Terminal, path string) io.Writer {
	found, err := os.Stat(path)
	if err != nil {
		return nil
	}
	for _, stream := range []io.Writer{t.Stdout, t.Stderr} {
		if file, ok := stream.(*os.File); ok {
			if info, err := file.Stat(); err == nil && os.SameFile(found, info) {
				return stream
			}
		}
	}
	return nil
}

// writeInPlace writes to a device, to a pipe or through a link. A pipe without
// a reader is written once there is one.
func writeInPlace(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC|syscall.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist): // a link to a file that does not exist yet
		file, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	case errors.Is(err, syscall.ENXIO):
		go func() { // it may wait as long as the server runs
			if file, err := os.OpenFile(path, os.O_WRONLY, 0); err == nil {
				_, _ = file.Write(content) // the reader has left
				_ = file.Close()
			}
		}()
		return nil
	}
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Close())
}
