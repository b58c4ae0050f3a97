//go:build unix

package e2e

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"optflow/feed/faults"
)

// Whatever is wrong with the proxy of the environment, doctor and tail say so by
// name, and no piece of its password.
func TestFault41ProxyInWords(t *testing.T) {
	faults.OpenReal(t, 41)
	t.Parallel()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) }))
	defer proxy.Close()
	address := strings.TrimPrefix(proxy.URL, "http://")
	servers := []string{"--ws-url", "wss://stream.test", "--rest-url", "https://rest.test"}
	for _, c := range []struct{ setting, says string }{
		{"http://user:sesame@" + address, "the proxy " + address + " wants a user name and password"},
		{"http://user:12#sesame@" + address, "HTTPS_PROXY cannot be read"},
	} {
		env := []string{"HTTPS_PROXY=" + c.setting, "MASSIVE_API_KEY=" + canary}
		doctor := run(t, env, append([]string{"doctor"}, servers...)...)
		said := strings.Join(strings.Fields(doctor.stdout), " ") // it is folded
		if doctor.code != exitFailed || strings.Count(said, c.says) != 2 || !strings.Contains(said, "-> set the proxy right in HTTPS_PROXY") {
			t.Errorf("doctor: code %d\n%s", doctor.code, doctor.stdout)
		}
		tail := runUntil(t, env, saying(c.says), append([]string{"tail"}, servers...)...)
		if !strings.Contains(tail.stderr, c.says) {
			t.Errorf("tail: %s", tail.stderr)
		}
		for _, text := range []string{doctor.stdout, doctor.stderr, tail.stdout, tail.stderr} {
			if strings.Contains(text, "sesame") || strings.Contains(text, "user:12") {
				t.Errorf("a piece of the password: %s", text)
			}
		}
	}
}
