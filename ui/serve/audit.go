package serve

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"charm.land/ssh"
)

// refusalsAMinute is how many refusals are told one by one. A flood of them must
// not wash out of a bounded log what was before.
const refusalsAMinute = 30

// audit is the log of who came, went and was refused. It holds fingerprints of
// keys and no secrets.
type audit struct {
	log *slog.Logger

	mu     sync.Mutex
	minute time.Time // that refusals are counted in
	told   int       // in it
	untold int       // in it
}

func newAudit(log *slog.Logger) *audit {
	return &audit{log: cmp.Or(log, slog.New(slog.DiscardHandler))}
}

// refused notes a connection that did not log in.
func (a *audit) refused(l *link) {
	a.mu.Lock()
	now := time.Now()
	if now.Sub(a.minute) >= time.Minute {
		if a.untold > 0 {
			a.log.Warn("refused", "more", a.untold, "since", a.minute)
		}
		a.minute, a.told, a.untold = now, 0, 0
	}
	told := a.told < refusalsAMinute
	if told {
		a.told++
	} else {
		a.untold++
	}
	a.mu.Unlock()
	if told {
		why := cmp.Or(l.why, "did not log in")
		a.log.Warn("refused", "from", from(l.addr), "user", l.user, "keys", l.tried, "why", why, "seconds", seconds(l.began))
	}
}

// sent notes somebody who has a key and may not look.
func (a *audit) sent(v *Visit, why error) {
	a.log.Warn("sent away", v.attrs("why", why.Error())...)
}

func (a *audit) came(v *Visit, wants string) {
	a.log.Info("came", v.attrs("wants", wants, "user", v.link.user)...)
}

func (a *audit) left(v *Visit, why error) {
	if errors.Is(why, context.Canceled) {
		why = errors.New("the connection ended")
	}
	a.log.Info("left", v.attrs("why", why.Error(), "seconds", seconds(v.since), "sent", v.link.sent.Load(), "taken", v.link.taken.Load())...)
}

// broke notes an error of ours.
func (a *audit) broke(session ssh.Session, err error) {
	a.log.Error("broke", "from", from(linkOf(session.Context()).addr), "err", err.Error())
}

// Asked notes what a viewer asked of the feed.
func (v *Visit) Asked(what string) { v.s.audit.log.Info("asked", v.attrs("what", what)...) }

func (v *Visit) attrs(more ...any) []any {
	return append([]any{"name", v.Name, "role", string(v.Role), "key", v.Fingerprint(), "from", from(v.link.addr)}, more...)
}

func from(a netip.Addr) string {
	if !a.IsValid() {
		return "nowhere"
	}
	return a.String()
}

func seconds(since time.Time) float64 { return float64(time.Since(since).Milliseconds()) / 1000 }
