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

// claim marks that this program streams on the key. If another program on this
// machine does already, claim returns a sentence that says so, and we stream once
// it has ended: plans have one connection, and two programs would keep taking it
// from each other.
func (m *market) claim(s *config.Settings, log *slog.Logger) (yield string) {
	mark := state.NewRunning(s.StatePath, s.Key.Reveal(), s.WSURL)
	if mark == nil {
		return ""
	}
	mine, holder, err := mark.Claim()
	if err != nil {
		log.Warn("cannot tell other copies of this program", "err", err)
		return ""
	}
	if !mine {
		yield = "another optflow here streams on this key, r takes it over"
		if holder != 0 {
			yield = fmt.Sprintf("optflow process %d streams on this key, r takes it over", holder)
		}
	}
	m.more = append(m.more, part{"mark of the key", func(ctx context.Context) error {
		defer func() { _ = mark.Release() }() // the end of the program releases it as well
		for !mine {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(claimEvery):
			}
			if mine, _, err = mark.Claim(); mine {
				m.engine.Retake()
			}
		}
		<-ctx.Done()
		return nil
	}})
	return yield
}
