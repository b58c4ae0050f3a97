package alerts

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// hookTime bounds one request, from the name to the end of the answer.
const hookTime = 5 * time.Second

// errForbidden says that a name led to an address that is not to be reached.
var errForbidden = errors.New("an address of the own network, which only private = true allows")

// closed are addresses that no notifier of the wide network has, besides those
// that the library knows: of this host, of carriers, for benchmarks, reserved
// (IANA's special-purpose address registries), and those in which an old
// address is wrapped.
var closed = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4",
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fec0::/10")

func prefixes(texts ...string) (list []netip.Prefix) {
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}

// inside reports whether an address is of this machine or a network of one's own.
func inside(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() ||
		slices.ContainsFunc(closed, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// newClient is a client for one hook: no proxy, no redirect, no cookie, and no
// connection to where it must not go. Addresses are judged in the dialer, after
// the name was looked up, so that no name can lead elsewhere.
func newClient(loopback, private bool, resolver *net.Resolver) *http.Client {
	dialer := &net.Dialer{
		Timeout: hookTime, Resolver: resolver, KeepAliveConfig: net.KeepAliveConfig{Enable: false},
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil {
				return fmt.Errorf("read the address: %w", err)
			}
			switch ip := at.Addr(); {
			case loopback && !ip.Unmap().IsLoopback(): // its name says this machine, and it may be without TLS
				return errForbidden
			case !loopback && !private && inside(ip):
				return errForbidden
			}
			return nil
		},
	}
	return &http.Client{
		Timeout: hookTime,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: hookTime,
			DisableKeepAlives: true, DisableCompression: true, // alerts are rare, and nothing is to be left open
			MaxResponseHeaderBytes: 16 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
