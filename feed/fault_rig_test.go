package feed

import (
	"context"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/faults"
	"optflow/feed/massive/api"
	"optflow/feed/massive/wiretest"
	"optflow/feed/sim/faultline"
	"optflow/feed/sim/script"
	"optflow/model"
	"optflow/model/clock"
	"optflow/model/tape"
)

const (
	streamHost = "stream.test:80"
	restHost   = "rest.test:80"
)

// wired is an engine with the real client of the wire, a scripted server, and
// between them a line of its own for the stream and one for REST: all of it
// under a virtual clock.
type wired struct {
	*rig
	feed   *script.Server // nil: another server
	stream *faultline.Line
	rest   *faultline.Line

	mu     sync.Mutex
	refuse func(host string) error // of dialling; nil: works
	dialed map[string][]time.Time  // by host
}

func (w *wired) set(refuse func(host string) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refuse = refuse
}

// dialledAt are the times at which a host was dialled.
func (w *wired) dialledAt(host string) []time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.dialed[host])
}

// play starts an engine on what a script says.
func play(t *testing.T, text string, set func(*Options)) *wired {
	t.Helper()
	scenario, err := script.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	feed := script.NewServer(scenario, nil)
	w := wireTo(t, feed.Serve, feed.Traded, set)
	w.feed = feed
	return w
}

// wireTo starts an engine on a server in memory.
func wireTo(t *testing.T, serve func(context.Context, net.Listener) error, traded func() map[string]int64, set func(*Options)) *wired {
	t.Helper()
	w := &wired{stream: faultline.New(), rest: faultline.New(), dialed: map[string][]time.Time{}}
	w.rig = &rig{
		t: t, tape: tape.New(tape.Options{KeepMillis: 24 * 3600_000, KeepRows: 1 << 20}), ended: make(chan error, 1),
		dials: func() []time.Time { return w.dialledAt(streamHost) }, traded: traded,
	}
	listener := wiretest.NewPipes()
	serving, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- serve(serving, listener) }()
	dial := func(ctx context.Context, _, host string) (net.Conn, error) {
		w.mu.Lock()
		w.dialed[host] = append(w.dialed[host], time.Now())
		refuse := w.refuse
		w.mu.Unlock()
		if refuse != nil {
			if err := refuse(host); err != nil {
				return nil, err
			}
		}
		client, near := net.Pipe()
		far, err := listener.Dial(ctx, "", "")
		if err != nil {
			return nil, err
		}
		if host == restHost {
			w.rest.Join(near, far)
		} else {
			w.stream.Join(near, far)
		}
		return client, nil
	}
	client := &http.Client{Transport: &http.Transport{DialContext: dial}}
	clock := clock.New()
	rest, err := api.NewREST(api.RESTOptions{
		BaseURL: "http://" + restHost, Key: testKey(canary), HTTPClient: client, Now: clock.Now,
		OnDate: func(server, wall time.Time) { clock.Set(server.UnixMilli(), wall) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // after the engine's end
		rest.Close()
		w.stream.Close()
		w.rest.Close()
		stop()
		if err := <-served; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		synctest.Wait()
	})
	w.prepare(Options{
		Clock: clock, REST: rest,
		Stream: realtime(Endpoint{URL: "ws://" + streamHost, Key: testKey(canary), HTTPClient: &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}}),
	}, set)
	w.run()
	return w
}

// inFault runs the test of a fault in a bubble.
func inFault(t *testing.T, number int, f func(t *testing.T, run *faults.Run)) {
	t.Helper()
	run := faults.Open(t, number)
	inBubble(t, func(t *testing.T) { f(t, run) })
}

// notLive waits until the stream is not Live and returns the state.
func (r *rig) notLive(most time.Duration) *model.State {
	r.t.Helper()
	return r.await(most, "not live", func(s *model.State) bool { return s.Link != model.Live })
}
