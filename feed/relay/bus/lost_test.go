package bus

import (
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"optflow/feed/faults"
	"optflow/feed/relay/relaytest"
	"optflow/feed/sim/faultline"
)

// A hub that lost its store has the day again before a follower is back, in fewer
// messages than the follower has read: it begins anew all the same.
func TestFault91FollowerIsLast(t *testing.T) {
	t.Parallel()
	faults.OpenReal(t, 91)
	s := newServer(t)
	s.start()
	f := relaytest.New(t)
	f.Bars(100)
	s.publish(f, "")
	line, err := faultline.Listen(s.listen)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(line.Close)
	far := *s
	far.url = "nats://" + line.Addr()
	w := far.follow("")
	f.Equal(w.Market())
	js, err := jetstream.New(s.connect(""))
	if err != nil {
		t.Fatal(err)
	}
	for range 50 { // which all pass over
		if _, err := js.Publish(t.Context(), "flow.v1.sim.log.x", []byte("strange")); err != nil {
			t.Fatal(err)
		}
	}
	f.Bars(5)
	f.Equal(w.Market())

	line.Set(faultline.Faults{Limit: 1}) // nobody gets through
	s.kill()
	s.store = t.TempDir()
	s.start()
	f.Bars(5)
	f.Equal(s.follow("").Market()) // the day is there again
	line.Set(faultline.Faults{})
	f.Bars(5)
	f.Equal(w.Market())
	if _, anew, _ := w.noted(); anew == 0 {
		t.Error("it did not begin anew")
	}
}
