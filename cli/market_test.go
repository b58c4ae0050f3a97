package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"optflow/model"
)

func TestWhichMarket(t *testing.T) {
	for _, tc := range []struct {
		env     []string
		builtin bool
		err     string
	}{
		{nil, true, ""},
		{[]string{"MASSIVE_API_KEY=k"}, false, ""},
		{[]string{"MASSIVE_API_KEY=k", "MASSIVE_WS_URL=ws://127.0.0.1:1", "MASSIVE_REST_URL=http://127.0.0.1:1"}, false, ""},
		{[]string{"MASSIVE_WS_URL=ws://127.0.0.1:1", "MASSIVE_REST_URL=http://127.0.0.1:1"}, false, ""},
		{[]string{"MASSIVE_REST_URL=http://127.0.0.1:1"}, false, "no API key"},
	} {
		m, err := newMarket(loaded(t, tc.env...), slog.New(slog.DiscardHandler), "", nil)
		switch {
		case err != nil:
			var usage usageError
			if tc.err == "" || !errors.As(err, &usage) || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%v: %v", tc.env, err)
			}
		case tc.err != "":
			t.Errorf("%v: no error", tc.env)
		case (m.builtin != nil) != tc.builtin:
			t.Errorf("%v: built-in market %v", tc.env, m.builtin != nil)
		}
		if m != nil && m.builtin != nil {
			_ = m.builtin.listener.Close()
		}
	}
}

// The first demonstration's second half: the built-in server cuts the
// connection, and the feed comes back Live by itself with all accounts whole.
func TestBuiltinConnectionIsCut(t *testing.T) {
	m, err := newMarket(loaded(t), slog.New(slog.DiscardHandler), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	way := &gate{Listener: m.builtin.listener, open: make(chan struct{}, 1)}
	way.open <- struct{}{}
	m.builtin.listener = way
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- m.run(ctx) }()
	awaitState(t, m, "Live", func(s *model.State) bool { return s.Link == model.Live && s.Counters.Events > 0 })
	<-m.builtin.ready
	<-way.open // it is not Live for as long as it takes to see that
	m.builtin.server.Cut()
	awaitState(t, m, "not Live", func(s *model.State) bool { return s.Link != model.Live && s.Reason != "" })
	way.open <- struct{}{}
	back := awaitState(t, m, "Live again", func(s *model.State) bool { return s.Link == model.Live })
	awaitState(t, m, "new events", func(s *model.State) bool { return s.Counters.Events > back.Counters.Events })
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	whole := 0
	for _, a := range m.accounts() {
		if !a.Whole() || a.Pending != 0 {
			t.Errorf("%+v", a)
		}
		whole++
	}
	if whole == 0 {
		t.Error("no accounts")
	}
}

// gate is a listener behind which whoever connects waits while it is not open.
type gate struct {
	net.Listener
	open chan struct{} // holds a token while it is
}

func (g *gate) Accept() (net.Conn, error) {
	conn, err := g.Listener.Accept()
	if err == nil {
		<-g.open
		g.open <- struct{}{}
	}
	return conn, err
}

func awaitState(t *testing.T, m *market, what string, ok func(*model.State) bool) *model.State {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		changed := m.Rows().Changed()
		if s := m.State(); ok(s) {
			return s
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("never %s: %s", what, fmt.Sprint(m.State()))
		}
	}
}
