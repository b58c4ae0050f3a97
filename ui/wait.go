package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// frameMsg says that it is time to look at the tape and the clock.
type frameMsg struct{}

// wait is the one command that waits for news: it returns when the tape
// changed, but no sooner after the last frame than the frame rate has it, or
// when the second is over, so that clock and data share a frame. It is armed
// again once its message is handled; there is never a second one.
func (m *Model) wait() tea.Cmd {
	if m.changed == nil {
		m.changed = m.opt.Tape.Changed()
	}
	ctx, changed, behind := m.ctx, m.changed, m.behind
	second := m.untilSecond()
	earliest := m.framed.Add(m.framePause())
	return func() tea.Msg {
		timer := time.NewTimer(second)
		defer timer.Stop()
		if !behind {
			select {
			case <-ctx.Done():
				return nil
			case <-timer.C:
				return frameMsg{}
			case <-changed:
			}
		}
		if pause := time.Until(earliest); pause > 0 {
			frame := time.NewTimer(pause)
			defer frame.Stop()
			select {
			case <-ctx.Done():
				return nil
			case <-frame.C:
			}
		}
		return frameMsg{}
	}
}

// untilSecond is how long until the exchange clock shows another second, at
// least half a second from the last time: a simulated market may run fast.
func (m *Model) untilSecond() time.Duration {
	now := m.opt.Clock.Now()
	left := 1000 - now%1000
	d := time.Duration(left) * time.Millisecond
	if since := m.wall().Sub(m.ticked); since+d < 500*time.Millisecond {
		d = 500*time.Millisecond - since
	}
	return d
}

// onFrame looks at the tape and the clock, once.
func (m *Model) onFrame() tea.Cmd {
	now := m.wall()
	m.framed = now
	m.pull()
	if market := m.opt.Clock.Now(); market/1000 != m.now/1000 && now.Sub(m.ticked) >= 450*time.Millisecond {
		m.tick()
	}
	later := append(m.later, m.wait(), m.observe(), m.ringOut())
	m.later = nil
	return tea.Batch(later...)
}
