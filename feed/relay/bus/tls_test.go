package bus

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"optflow/feed/relay/hub"
	"optflow/feed/relay/relaytest"
)

// certificate makes one of this machine that signs for itself, and returns the
// paths of it and of its key.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "hub"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: signed}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// A hub with a certificate is reached by who trusts it and has a key, and by nobody
// else, and all that a market says passes.
func TestCertificates(t *testing.T) {
	t.Parallel()
	cert, key := certificate(t)
	seed, public, err := hub.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	seeds, keys := filepath.Join(dir, "seed"), filepath.Join(dir, "keys")
	for path, text := range map[string]string{seeds: seed, keys: public + " publisher # one\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h, err := hub.Start(hub.Options{Listen: "127.0.0.1:0", Store: t.TempDir(), Keys: keys, Cert: cert, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Stop()
	if !strings.HasPrefix(h.URL(), "tls://") {
		t.Errorf("it is at %s", h.URL())
	}
	url := "tls://" + strings.TrimPrefix(strings.TrimPrefix(h.URL(), "tls://"), "nats://")
	s := &server{t: t, url: url, ca: cert}
	f := relaytest.New(t)
	f.Bars(50)
	s.publish(f, seeds)
	f.Equal(s.follow(seeds).Market())

	for what, o := range map[string]Options{
		"who does not know the certificate": {URL: url, Seed: seeds},
		"who has no key":                    {URL: url, CA: cert},
		"who wants no TLS":                  {URL: "nats://" + strings.TrimPrefix(url, "tls://"), Seed: seeds},
	} {
		c, err := Connect(o)
		if err != nil {
			continue // it is said at once
		}
		defer c.Close()
		for deadline := time.Now().Add(time.Second); time.Now().Before(deadline) && !c.IsConnected(); time.Sleep(10 * time.Millisecond) {
		}
		if c.IsConnected() {
			t.Errorf("%s is let in", what)
		}
	}
}
