package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io/fs"
	"path"
	"time"
)

// file is one file of an archive.
type file struct {
	name    string // with slashes
	mode    fs.FileMode
	content []byte
}

// tarGz packs files into a folder, as packTar does, and compresses them.
func tarGz(folder string, at time.Time, files []file) ([]byte, error) {
	plain, err := packTar(folder, at, tar.FormatUSTAR, files)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	compressed, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	_, err = compressed.Write(plain)
	err = errors.Join(err, compressed.Close())
	return packed.Bytes(), err
}

// packTar packs files into a folder, owned by nobody in particular and all of
// the same time.
func packTar(folder string, at time.Time, format tar.Format, files []file) ([]byte, error) {
	var packed bytes.Buffer
	archive := tar.NewWriter(&packed)
	for _, f := range files {
		header := &tar.Header{Name: path.Join(folder, f.name), Mode: int64(f.mode), Size: int64(len(f.content)), ModTime: at, Format: format}
		if err := archive.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := archive.Write(f.content); err != nil {
			return nil, err
		}
	}
	err := archive.Close()
	return packed.Bytes(), err
}

// zipped packs files into a folder, all of the same time.
func zipped(folder string, at time.Time, files []file) ([]byte, error) {
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	for _, f := range files {
		header := &zip.FileHeader{Name: path.Join(folder, f.name), Method: zip.Deflate, Modified: at.UTC()}
		header.SetMode(f.mode)
		entry, err := archive.CreateHeader(header)
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(f.content); err != nil {
			return nil, err
		}
	}
	err := archive.Close()
	return packed.Bytes(), err
}
