package cli

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"optflow/config"
	"optflow/config/state"
)

// claimEvery is how often we look whether the program that holds the key has
// ended.
const claimEvery = 2 * time.Second

// mark is what says that this program streams on the key.
type mark struct {
	*state.Running
	mine   bool
	holder int // the process that has it, 0 unknown
}

// claim marks that this program streams on the key; nil where nobody can tell. If
// another program on this machine does already, we stream once it has ended: plans
// have one connection, and two programs would keep taking it from each other.
func claim(s *config.Settings, log *slog.Logger) *mark {
	m := &mark{Running: state.NewRunning(s.StatePath, s.Key.Reveal(), s.WSURL)}
	if m.Running == nil {
		return nil
	}
	var err error
	if m.mine, m.holder, err = m.Claim(); err != nil {
		log.Warn("cannot tell other copies of this program", "err", err)
		return nil
	}
	return m
}

// yield is the sentence that says why we wait, "" if we need not.
func (m *mark) yield() string {
	switch {
	case m == nil || m.mine:
		return ""
	case m.holder != 0:
		return fmt.Sprintf("optflow process %d streams on this key, r takes it over", m.holder)
	}
	return "another optflow here streams on this key, r takes it over"
}

// keep holds the mark until ctx ends, and has the feed retake the connection once
// another program has given it up.
func (m *mark) keep(ctx context.Context, retake func()) error {
	defer func() { _ = m.Release() }() // the end of the program releases it as well
	for !m.mine {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(claimEvery):
		}
		if m.mine, _, _ = m.Claim(); m.mine {
			retake()
		}
	}
	<-ctx.Done()
	return nil
}
