package feed

import (
	"context"
	"errors"
	"fmt"

	"optflow/feed/massive"
	"optflow/model"
)

// streams looks at the real-time stream, and at the delayed one if the plan has
// no real time.
func (x *examination) streams(ctx context.Context) {
	f := x.stream(ctx, "stream", x.o.Realtime)
	x.tell(f)
	if x.lives || x.o.Delayed.URL == "" || x.o.Delayed.URL == x.o.Realtime.URL || !f.Refused {
		return
	}
	x.tell(x.stream(ctx, "delayed", x.o.Delayed))
}

// stream connects, logs in, subscribes to one contract and leaves.
func (x *examination) stream(ctx context.Context, subject string, at Endpoint) Finding {
	ctx, cancel := context.WithTimeout(ctx, 2*examineStep)
	defer cancel()
	ch := massive.ChannelOf(x.o.Span)
	conn, err := massive.Dial(ctx, at, ch)
	if err != nil {
		f := Finding{Grade: GradeFail, Subject: subject, Text: err.Error(), Remedy: "check the network, the proxy variables and ws-url"}
		if bad, ok := errors.AsType[*massive.DialError](err); ok && (bad.Refused() || bad.Entitlement()) {
			f.Remedy, f.Refused = "the server refuses this key or plan", true
		}
		return f
	}
	defer conn.Close(1000, "") //nolint:errcheck // it is over either way
	t := &talk{conn: conn, decoder: massive.Decoder{Contracts: model.NewContracts(), Keep: func(string) bool { return false }, Assume: ch, Key: at.Key}}
	if at.Dialect == massive.Origin {
		x.lives = true
		f := Finding{Subject: subject, Text: "connects; this dialect has no login to see"}
		if at.Compress {
			f.Text += compressionWords(conn)
		}
		return f
	}
	said, err := t.await(ctx, massive.StatusConnected, nil)
	if err == nil && said.Kind == massive.StatusConnected {
		said, err = t.await(ctx, massive.StatusAuthOK, conn.Auth)
	}
	if err == nil && said.Kind == massive.StatusAuthOK && x.one != "" {
		said, err = t.await(ctx, massive.StatusSubscribed, func(ctx context.Context) error {
			return conn.Subscribe(ctx, ch, []string{x.one})
		})
	}
	if err != nil {
		return Finding{Grade: GradeFail, Subject: subject, Text: "connects, and then: " + err.Error(), Remedy: "try again; if it stays so, check the network and ws-url"}
	}
	f := x.judge(subject, said, ch)
	if f.Grade == GradeOK && at.Compress {
		f.Text += compressionWords(conn)
	}
	return f
}

// judge turns what the server said last into a finding.
func (x *examination) judge(subject string, said massive.Status, ch massive.Channel) Finding {
	switch said.Kind {
	case massive.StatusSubscribed, massive.StatusAuthOK:
		x.lives = true
		return Finding{Subject: subject, Text: fmt.Sprintf("connects, takes the key and gives the channel of %s windows", windowName(ch))}
	case massive.StatusAuthFailed:
		return Finding{Grade: GradeFail, Subject: subject, Text: "the key is refused: " + said.Message, Remedy: "check the key", Refused: true}
	case massive.StatusNoWebSocket, massive.StatusNotAuthorized:
		return Finding{Grade: GradeWarn, Subject: subject, Text: "not in the plan: " + said.Message, Remedy: "optflow tries the delayed stream, then polls", Refused: true}
	case massive.StatusMaxConnections:
		return Finding{Grade: GradeWarn, Subject: subject, Text: "another program uses this key's connection", Remedy: "end the other one; meanwhile optflow polls"}
	}
	return Finding{Grade: GradeFail, Subject: subject, Text: "unexpected answer: " + said.Status + " " + said.Message, Remedy: "check ws-url and ws-dialect"}
}

func windowName(ch massive.Channel) string {
	if ch.Span() == model.Minute {
		return "1m"
	}
	return "1s"
}

// talk is a conversation that goes one question at a time.
type talk struct {
	conn    *massive.Conn
	decoder massive.Decoder
	buf     []byte
}

// await asks, then reads until the wanted status or a refusal comes. The end of
// ctx ends the connection, so one ctx bounds the whole of the conversation.
func (t *talk) await(ctx context.Context, want massive.StatusKind, ask func(context.Context) error) (massive.Status, error) {
	if ask != nil {
		if err := ask(ctx); err != nil {
			return massive.Status{}, err
		}
	}
	for {
		data, err := t.conn.Read(ctx, t.buf[:0])
		if ctx.Err() != nil {
			return massive.Status{}, errNoAnswer
		}
		if err != nil {
			return massive.Status{}, err
		}
		t.buf = data
		var batch massive.Batch
		if t.decoder.Decode(data, &batch) != nil {
			continue // bounded by ctx
		}
		for _, s := range batch.Statuses {
			if s.Kind == want {
				return s, nil
			}
			switch s.Kind {
			case massive.StatusConnected, massive.StatusAuthOK, massive.StatusUnknown, massive.StatusSubscribed, massive.StatusUnsubscribed:
			default:
				return s, nil
			}
		}
	}
}
