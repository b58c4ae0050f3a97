package wire

import (
	"net/url"
	"strings"
	"testing"

	"optflow/feed/massive/wiretest"
)

const proxyWord = "sesame"

func TestProxySettings(t *testing.T) {
	for setting, host := range map[string]string{
		"proxy.test:8080": "proxy.test:8080", "http://proxy.test": "proxy.test", "http://user:a%23b%2Fc@proxy.test:8080/": "proxy.test:8080", "socks5h://[::1]:1080": "[::1]:1080", "user:x@proxy.test": "proxy.test", "http://user:a@b@proxy.test": "proxy.test",
	} {
		wiretest.ByEnvironment(t, setting, "")
		proxy, err := proxyFor(&url.URL{Scheme: "wss", Host: "stream.test"})
		if err != nil || proxy == nil || proxy.Host != host {
			t.Errorf("%q: %v, %v", setting, proxy, err)
		}
	}
	wiretest.ByEnvironment(t, "", "")
	t.Setenv("https_proxy", "http://user:"+proxyWord+"#@proxy.test")
	if _, err := proxyFor(&url.URL{Scheme: "wss", Host: "stream.test"}); err == nil || !strings.Contains(err.Error(), "https_proxy cannot") {
		t.Error(err)
	}
}
