package alerts

import (
	"context"
	"fmt"
	"time"

	"optflow/model/alert"
	"optflow/model/termsafe"
)

// The law of the terminal.
const (
	bellPause   = 10 * time.Second
	notifyPause = 5 * time.Second
	notifyCells = 120
)

// bell rings, once for all that come within its pause: who was called a moment
// ago need not be called again.
type bell struct {
	signal func(alert.Signal)
	now    func() time.Time
	last   time.Time
}

func (b *bell) send(_ context.Context, _ *lane, m *mail) result {
	if m.quiet {
		return result{alert.Delivered, "quiet hours"}
	}
	if now := b.now(); now.Sub(b.last) >= bellPause || now.Before(b.last) { // the clock may be set back
		b.last = now
		b.signal(alert.Signal{Bell: "\a"})
	}
	return ok
}

// notifier has the terminal show a line where nobody looks at it.
type notifier struct {
	signal func(alert.Signal)
	write  func(text string) string // the sequence for a line
	pause  func(ctx context.Context, d time.Duration) error
	now    func() time.Time
	last   time.Time
}

// send notifies of the newest of all that wait, and says how many there are.
func (n *notifier) send(ctx context.Context, l *lane, m *mail) result {
	left := n.last.Add(notifyPause).Sub(n.now())
	if err := n.pause(ctx, min(left, notifyPause)); err != nil {
		return dropped(noteEnded)
	}
	rest := l.rest()
	text := m.text
	if more := len(rest); more > 0 {
		text = fmt.Sprintf("+%d more: %s", more, rest[more-1].text)
	}
	n.last = n.now()
	if sequence := n.write(termsafe.String("optflow "+text, notifyCells)); sequence != "" {
		n.signal(alert.Signal{Notify: sequence})
	}
	for _, other := range rest {
		l.done(other, l.place, ok)
	}
	return ok
}

// wait sleeps for so long, or until ctx ends. Less than nothing is nothing.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
