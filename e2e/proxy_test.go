//go:build unix

package e2e

import (
	"testing"
	"time"

	"optflow/feed/sim/faultline"
)

// proxy passes TCP on to a server, so that a test can break connections and
// count the WebSockets among them.
type proxy struct{ *faultline.Proxy }

func startProxy(t testing.TB, target string) proxy {
	t.Helper()
	p, err := faultline.Listen(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return proxy{p}
}

// flags point a client at the proxy.
func (p proxy) flags(args ...string) []string {
	return append([]string{"--ws-url", "ws://" + p.Addr(), "--rest-url", "http://" + p.Addr()}, args...)
}

// awaitUpgrades waits until n WebSockets were asked for, and the last of them
// has had time to bring something.
func (p proxy) awaitUpgrades(t testing.TB, n int) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for p.Upgrades() < n {
		if time.Now().After(deadline) {
			t.Errorf("%d of %d WebSockets", p.Upgrades(), n)
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	from := p.Passed()
	for p.Passed() < from+100_000 && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
}
