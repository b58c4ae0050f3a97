package wire

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// proxyError is a proxy that does not let us through, or a setting that names
// none. It never holds a piece of the setting but the host.
type proxyError struct{ Text string }

func (e *proxyError) Error() string { return e.Text }

// EnvironmentProxy is the proxy that the environment sets for a request. What
// net/http makes of a setting it cannot read is no proxy at all, or one that has
// a piece of the password for its name: here that is an error.
func EnvironmentProxy(request *http.Request) (*url.URL, error) {
	return proxyFor(request.URL)
}

func proxyFor(target *url.URL) (*url.URL, error) {
	set, u := httpproxy.FromEnvironment(), *target
	setting := &set.HTTPSProxy
	if u.Scheme = webScheme(u.Scheme); u.Scheme == "http" {
		setting = &set.HTTPProxy
	}
	readable := isProxy(*setting)
	if !readable {
		*setting = "unreadable" // to see whether this host goes by it
	}
	proxy, err := set.ProxyFunc()(&u)
	if err != nil {
		return nil, &proxyError{err.Error()} // which speaks of the variables only
	}
	if proxy != nil && !readable {
		return nil, &proxyError{proxyVariable(u.Scheme) + " cannot be read: want http://host:port or http://user:password@host:port; in the password write %23 for #, %2F for /, %3F for ?, %25 for %"}
	}
	return proxy, nil
}

// webScheme is the scheme of the request that a target begins with.
func webScheme(scheme string) string {
	switch scheme {
	case "ws":
		return "http"
	case "wss":
		return "https"
	}
	return scheme
}

// isProxy reports whether a setting names a proxy and nothing else; "" names
// none.
func isProxy(setting string) bool {
	if setting == "" {
		return true
	}
	u, err := url.Parse(setting)
	if err != nil || u.Scheme == "" || u.Host == "" {
		if u, err = url.Parse("http://" + setting); err != nil {
			return false
		}
	}
	return u.Hostname() != "" && !strings.HasSuffix(u.Host, ":") && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && !u.ForceQuery && u.Fragment == ""
}

// proxyVariable is the variable that sets the proxy for a scheme.
func proxyVariable(scheme string) string {
	name := "HTTPS_PROXY"
	if webScheme(scheme) == "http" {
		name = "HTTP_PROXY"
	}
	if lower := strings.ToLower(name); os.Getenv(name) == "" && os.Getenv(lower) != "" {
		return lower
	}
	return name
}

// ProxyOf names the proxy for a target without what else its setting holds, ""
// where there is none.
func ProxyOf(target *url.URL) string {
	proxy, err := proxyFor(target)
	if err != nil || proxy == nil {
		return ""
	}
	return Clean(proxy.Host, MessageCells, nil)
}

// OnProxyConnect names the proxy that refuses to connect to a host. Its answer
// is no server's: 403 says nothing of the plan, nor 401 of the key.
func OnProxyConnect(_ context.Context, proxy *url.URL, request *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return RefusedByProxy(proxy.Host, request.Host, answer.StatusCode, "https")
}

// RefusedByProxy is the error of a proxy that answers instead of the host.
func RefusedByProxy(proxy, host string, code int, scheme string) *proxyError {
	name := "the proxy " + Clean(proxy, MessageCells, nil)
	if proxy == "" {
		name = "a proxy on the way"
	}
	host = Clean(host, MessageCells, nil)
	if code == http.StatusProxyAuthRequired {
		return &proxyError{fmt.Sprintf("%s wants a user name and password to connect to %s (HTTP 407): %s=http://user:password@host:port sets them", name, host, proxyVariable(scheme))}
	}
	return &proxyError{fmt.Sprintf("%s does not connect to %s (HTTP %d)", name, host, code)}
}

// unknownAuthority says what to do about a certificate that nobody known signed.
func unknownAuthority(whose string) string {
	remedy := "if a proxy or your company signs its own, SSL_CERT_FILE or SSL_CERT_DIR names its authority"
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" { // which ask the system (crypto/x509)
		remedy = "if a proxy or your company signs its own, add its authority to those of the system"
	}
	return "the certificate of " + whose + " is signed by an unknown authority: " + remedy
}

// Remedy is what to do about a connection that failed, "" where nothing in
// particular is known: the error's own text says what was wrong.
func Remedy(err error) string {
	dial, _ := errors.AsType[*DialError](err)
	switch {
	case is[x509.UnknownAuthorityError](err):
		if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
			return "add the authority to those of the system"
		}
		return "SSL_CERT_FILE=FILE or SSL_CERT_DIR=DIRECTORY with the authority's certificate (PEM)"
	case is[*proxyError](err), dial != nil && dial.Kind == DialProxy:
		return "set the proxy right in HTTPS_PROXY or HTTP_PROXY, or name the host in NO_PROXY"
	}
	return ""
}
