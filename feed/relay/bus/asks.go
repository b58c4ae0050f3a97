package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/nats-io/nats.go"

	"optflow/feed/relay"
	"optflow/model/crash"
)

// asksAtOnce are the questions of all followers that are under way together.
const asksAtOnce = 32

// answer answers what followers ask, until stop is called.
func (p *Publisher) answer(ctx context.Context, parts *sync.WaitGroup) (stop func(), err error) {
	under := make(chan struct{}, asksAtOnce)
	var subs []*nats.Subscription
	stop = func() {
		for _, s := range subs {
			_ = s.Unsubscribe()
		}
	}
	for subject, desk := range map[string]*relay.Desk{p.names.ask(): p.Desk, p.names.operate(): p.Operators} {
		sub, err := p.Conn.Subscribe(subject, func(m *nats.Msg) {
			ask, err := relay.ReadAsk(m.Data)
			if err != nil || !strings.HasPrefix(m.Reply, inboxes) { // anywhere else we may write, and who asks may not
				return
			}
			select {
			case under <- struct{}{}:
			default: // who waits in vain asks again
				return
			}
			parts.Go(crash.Guarded("ask", func() {
				defer func() { <-under }()
				text, err := json.Marshal(desk.Ask(ctx, asker(m.Reply), ask))
				if err == nil && len(text) < int(p.Conn.MaxPayload()) {
					_ = m.Respond(text)
				}
			}))
		})
		if err != nil {
			stop()
			return nil, fmt.Errorf("listening for asks: %w", err)
		}
		subs = append(subs, sub)
	}
	return stop, nil
}

// asker is who asks: the guest and its connection, by the inbox to which the answer
// goes, without the mark of the one question.
func asker(reply string) string {
	reply = strings.TrimPrefix(reply, inboxes)
	if at := strings.LastIndexByte(reply, '.'); at > 0 {
		reply = reply[:at]
	}
	return strings.Replace(reply, ".", "/", 1)
}

// Ask asks the publisher of a feed, and waits for the answer.
func Ask(ctx context.Context, c *nats.Conn, feed string, ask relay.Ask) (relay.Answer, error) {
	n := names{feed}
	subject := n.operate()
	switch ask.Verb {
	case relay.Lookup, relay.Day, relay.Watch:
		subject = n.ask()
	}
	text, err := json.Marshal(ask)
	if err != nil {
		return relay.Answer{}, fmt.Errorf("asking the publisher: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, relay.AskFor)
	defer cancel()
	m, err := c.RequestWithContext(ctx, subject, text)
	if err != nil {
		return relay.Answer{}, fmt.Errorf("asking the publisher: %w", err)
	}
	return relay.ReadAnswer(m.Data)
}
