package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"optflow/feed/massive"
	"optflow/feed/massive/wire"
	"optflow/feed/plan"
	"optflow/model"
)

// streams asks the hosts in the order in which the monitor would dial them: what
// each says decides by the same table whether another one is asked. The first is
// asked whatever REST said, since the monitor does not wait for that either.
func (x *examination) streams(ctx context.Context) {
	asked := map[plan.Act]bool{}
	for ctx.Err() == nil {
		facts := x.facts
		if len(asked) == 0 {
			facts.REST = plan.Unheard
		}
		v := plan.Decide(facts)
		switch {
		case asked[v.Do]:
			return
		case v.Do == plan.DialRealtime:
			x.facts.Realtime = x.stream(ctx, "stream", x.o.Realtime)
		case v.Do == plan.DialDelayed:
			x.facts.Delayed = x.stream(ctx, x.nameOfDelayed(), x.o.Delayed)
		default:
			return
		}
		asked[v.Do] = true
	}
}

// nameOfDelayed is the subject of the delayed stream: it is the stream where
// there is no other.
func (x *examination) nameOfDelayed() string {
	if x.facts.Realtime == plan.None {
		return "stream"
	}
	return "delayed"
}

// stream connects, logs in, subscribes to one contract and leaves. It tells the
// finding and returns what the host says of the key: Unasked when it says
// nothing.
func (x *examination) stream(ctx context.Context, subject string, at massive.StreamOptions) plan.Answer {
	ctx, cancel := context.WithTimeout(ctx, 2*examineStep)
	defer cancel()
	ch := massive.ChannelOf(x.o.Span)
	conn, err := massive.Dial(ctx, at, ch)
	if err != nil {
		return x.undialled(subject, err)
	}
	defer conn.Close(1000, "") //nolint:errcheck // it is over either way
	t := &talk{conn: conn, decoder: massive.Decoder{Contracts: model.NewRegistry(), Keep: func(string) bool { return false }, Assume: ch, Key: at.Key}}
	if at.Dialect == massive.Origin {
		x.tell(Finding{Subject: subject, Text: "connects; this dialect has no login to see" + packed(at, conn)})
		return plan.Works
	}
	said, err := t.await(ctx, massive.StatusConnected, nil)
	if err == nil && said.Kind == massive.StatusConnected {
		said, err = t.await(ctx, massive.StatusAuthOK, conn.Auth)
	}
	taken := err == nil && said.Kind == massive.StatusAuthOK
	if taken && x.one != "" {
		acknowledged, stop := context.WithTimeout(ctx, ackWait)
		defer stop()
		said, err = t.await(acknowledged, massive.StatusSubscribed, func(ctx context.Context) error {
			return conn.Subscribe(ctx, ch, []string{x.one})
		})
	}
	if taken && errors.Is(err, errNoAnswer) {
		x.tell(Finding{Grade: GradeWarn, Subject: subject, Text: "takes the key, and then acknowledges no subscription", Remedy: "optflow tries the other stream, if there is one, and asks again"})
		return plan.Silent
	}
	if err != nil {
		x.tell(Finding{Grade: GradeFail, Subject: subject, Text: "connects, and then: " + err.Error(), Remedy: "try again; if it stays so, check the network and ws-url"})
		return plan.Unasked
	}
	return x.judge(subject, said, ch, packed(at, conn))
}

// packed says whether the stream is compressed, where that was asked for.
func packed(at massive.StreamOptions, conn *massive.Conn) string {
	if !at.Compress {
		return ""
	}
	if conn.Compressed() {
		return "; compressed"
	}
	return "; not compressed, the server does not offer it"
}

// undialled tells why there is no connection.
func (x *examination) undialled(subject string, err error) plan.Answer {
	f := Finding{Grade: GradeFail, Subject: subject, Text: err.Error(), Remedy: cmp.Or(wire.Remedy(err), "check the network, the proxy variables and ws-url")}
	answer := plan.Unasked
	if bad, ok := errors.AsType[*wire.DialError](err); ok {
		switch {
		case bad.Refused():
			answer, f.Refused, f.Remedy = plan.Refused, true, "the server refuses this key"
		case bad.Entitlement():
			answer, f.Refused, f.Remedy = plan.NoPlan, true, "the server refuses this plan"
		}
	}
	x.tell(f)
	return answer
}

// judge turns what the server said last into a finding, and into what it means.
// Packed is said with a stream that works.
func (x *examination) judge(subject string, said massive.Status, ch massive.Channel, packed string) plan.Answer {
	switch {
	case said.Kind == massive.StatusSubscribed, said.Kind == massive.StatusAuthOK:
		x.tell(Finding{Subject: subject, Text: fmt.Sprintf("connects, takes the key and gives the channel of %s windows", windowName(ch)) + packed})
		return plan.Works
	case said.Kind == massive.StatusAuthFailed:
		f := Finding{Grade: GradeFail, Subject: subject, Text: "the key is refused: " + said.Message, Remedy: "check the key", Refused: true}
		switch {
		case x.facts.NoKey:
			f.Text, f.Remedy = plan.NoKeySet.Sentence(), plan.NoKeySet.Remedy()
		case x.facts.REST == plan.Takes || x.facts.REST == plan.Late:
			f.Grade, f.Remedy = GradeWarn, "REST takes the key, so it is good: look whether the plan has this stream"
		}
		x.tell(f)
		return plan.Refused
	case said.Kind.OfThePlan():
		x.tell(Finding{Grade: GradeWarn, Subject: subject, Text: "not in the plan: " + said.Message, Remedy: "optflow tries the delayed stream, then polls", Refused: true})
		return plan.NoPlan
	case said.Kind == massive.StatusMaxConnections:
		x.tell(Finding{Grade: GradeWarn, Subject: subject, Text: "another program uses this key's connection", Remedy: "end the other one; meanwhile optflow polls"})
		return plan.Unasked
	}
	x.tell(Finding{Grade: GradeFail, Subject: subject, Text: "unexpected answer: " + said.Status + " " + said.Message, Remedy: "check ws-url and ws-dialect"})
	return plan.Unasked
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
