// Package bus carries a feed's day log between machines by NATS JetStream: one
// publisher, any number of followers. A message is a block as it is on the
// publisher's disk, which is the truth; the stream is a copy that is made again
// wherever it is behind. Nothing but the log is a buffer.
package bus

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"optflow/model"
)

const (
	// keepFor is how long the stream keeps what was said, sameFor how long it knows
	// what was said twice.
	keepFor = 72 * time.Hour
	sameFor = 2 * time.Minute
	// positionEvery is how often the publisher says how far it is.
	positionEvery = time.Second
	// again is how soon what failed is tried again.
	again = 100 * time.Millisecond
	// callFor is how long the hub may take to answer.
	callFor = 5 * time.Second
)

// inboxes is what the subjects of all answers begin with; a guest's key comes next.
const inboxes = "_INBOX."

// names are the subjects of a feed.
type names struct{ feed string }

func (n names) stream() string          { return "FLOW_v1_" + n.feed }
func (n names) day(d model.Date) string { return "flow.v1." + n.feed + ".log." + d.String() }
func (n names) days() string            { return "flow.v1." + n.feed + ".log.*" }
func (n names) position() string        { return "flow.v1." + n.feed + ".position" }
func (n names) ask() string             { return "flow.v1." + n.feed + ".ask" }
func (n names) operate() string         { return "flow.v1." + n.feed + ".ask.operator" }
func dayOf(subject string) (model.Date, error) {
	return model.ParseDate(subject[strings.LastIndexByte(subject, '.')+1:])
}

// Named is a feed's name as subjects may have it.
func Named(feed string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, feed)
}

// Options say how a hub is reached.
type Options struct {
	URL  string // nats://HOST[:PORT], or tls://
	Seed string // path of a file with an nkey's seed; one that is not there is none
	CA   string // path of a file with certificates to trust; one that is not there is none
	Name string // of this program
}

var errOpen = errors.New("beyond this machine a hub is reached by tls:// and with a key")

// Connect reaches a hub, and again whenever it is lost. Beyond this machine only
// with TLS and a key. It waits for nobody: where there is no hub yet, it is tried
// until there is one.
func Connect(o Options) (*nats.Conn, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("the hub %q: want nats://HOST or tls://HOST", o.URL)
	}
	options := []nats.Option{
		nats.Name(o.Name), nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.ReconnectWait(again), nats.ReconnectJitter(again, again),
		nats.ReconnectBufSize(-1), // what cannot be sent is read from the log again
		nats.PingInterval(2 * time.Second), nats.MaxPingsOutstanding(2), nats.Timeout(2 * time.Second),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}), // who asks hears of it
	}
	keyed := false
	if _, err := os.Stat(o.Seed); o.Seed != "" && err == nil {
		key, err := nats.NkeyOptionFromSeed(o.Seed)
		if err != nil {
			return nil, fmt.Errorf("reading the key of the hub: %w", err)
		}
		keyed = true
		options = append(options, key, nats.CustomInboxPrefix(inboxes+publicOf(key)))
	}
	if _, err := os.Stat(o.CA); o.CA != "" && err == nil {
		options = append(options, nats.RootCAs(o.CA))
	}
	if !loopback(u.Hostname()) {
		if !keyed || u.Scheme != "tls" {
			return nil, errOpen
		}
		options = append(options, nats.Secure())
	}
	c, err := nats.Connect(o.URL, options...)
	if err != nil {
		return nil, fmt.Errorf("reaching the hub: %w", err)
	}
	return c, nil
}

// publicOf is the public part of a key.
func publicOf(key nats.Option) string {
	var o nats.Options
	if err := key(&o); err != nil {
		return "none"
	}
	return o.Nkey
}

// loopback reports whether a name is this machine's.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
