package cli

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
)

// selfSigned asks for a certificate that is generated at start.
const selfSigned = "self-signed"

// How long a self-signed certificate is valid: from an hour ago, for clients
// whose clock is behind, and for no longer than browsers accept.
const (
	validSince = time.Hour
	validFor   = 397 * 24 * time.Hour
)

// tlsHint says what --tls takes.
const tlsHint = "--tls CERT,KEY takes two PEM files, or --tls self-signed"

// tlsFlags are the flags that say how connections are secured.
type tlsFlags struct {
	certificate string // self-signed or CERT,KEY; empty is plain HTTP
	write       string
	files       tls.Certificate // of CERT,KEY
}

// read checks the flags before a port is opened, and reads the files they name.
func (f *tlsFlags) read() (err error) {
	if f.write != "" && f.certificate != selfSigned {
		return usage("--tls self-signed", "--tls-write is for the certificate of --tls self-signed")
	}
	if f.certificate == "" || f.certificate == selfSigned {
		return nil
	}
	cert, key, _ := strings.Cut(f.certificate, ",")
	if cert == "" || key == "" {
		return usage(tlsHint, "--tls %s names one file, and it takes a certificate and its key", f.certificate)
	}
	if f.files, err = tls.LoadX509KeyPair(cert, key); err != nil {
		return usage(tlsHint, "--tls: %s with %s: %w", cert, key, err)
	}
	return nil
}

// config returns the certificate to answer with, nil for plain HTTP; names are
// those a self-signed one is for.
func (f *tlsFlags) config(names []string) (*tls.Config, error) {
	switch f.certificate {
	case "":
		return nil, nil
	case selfSigned:
		certificate, err := newCertificate(names)
		if err == nil && f.write != "" {
			err = f.writeCertificate(certificate)
		}
		return &tls.Config{Certificates: []tls.Certificate{certificate}}, err
	}
	return &tls.Config{Certificates: []tls.Certificate{f.files}}, nil
}

// newCertificate makes a self-signed certificate for names and addresses.
func newCertificate(names []string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	now := clock.Machine()
	template := &x509.Certificate{
		Subject:   pkix.Name{CommonName: "mockdesk"},
		NotBefore: now.Add(-validSince), NotAfter: now.Add(validFor),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, // it signs no other certificate
	}
	for _, name := range names {
		if address, err := netip.ParseAddr(name); err == nil {
			template.IPAddresses = append(template.IPAddresses, net.IP(address.AsSlice()))
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("cannot make a certificate for %s: %w", strings.Join(names, ", "), err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// writeCertificate writes the certificate for clients to trust.
func (f *tlsFlags) writeCertificate(certificate tls.Certificate) error {
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})
	if err := os.WriteFile(f.write, text, 0o644); err != nil {
		return fail(exitRun, "--tls-write names a file in a folder that exists", "cannot write the certificate: %w", err)
	}
	return nil
}

// certificateNames returns what a server that listens on addr may be called.
func certificateNames(addr string, listener net.Listener, hosts []string) []string {
	names := []string{"localhost", "127.0.0.1", "::1"}
	for _, host := range append([]string{addr, listener.Addr().String()}, hosts...) {
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if host = strings.Trim(host, "[]"); host != "" && !slices.Contains(names, host) {
			names = append(names, host)
		}
	}
	return names
}

// fingerprint writes the SHA-256 of a certificate as OpenSSL and browsers do.
func fingerprint(certificate tls.Certificate) string {
	sum := sha256.Sum256(certificate.Certificate[0])
	return strings.ReplaceAll(fmt.Sprintf("% X", sum), " ", ":")
}
