package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"optflow/feed/link"
	"optflow/feed/plan"
	"optflow/feed/source"
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
			x.facts.Realtime = x.stream(ctx, "stream", false)
		case v.Do == plan.DialDelayed:
			x.facts.Delayed = x.stream(ctx, x.nameOfDelayed(), true)
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
func (x *examination) stream(ctx context.Context, subject string, delayed bool) plan.Answer {
	ctx, cancel := context.WithTimeout(ctx, 2*examineStep)
	defer cancel()
	contracts := model.NewRegistry()
	if x.one != "" {
		_, _ = contracts.Intern(x.one) // what is no contract is not acknowledged
	}
	ch := link.BarsOf(x.o.Span)
	stream := x.o.Stream.Open(source.Market{Contracts: contracts, Intern: contracts.Intern, Keep: func(string) bool { return false }})
	conn, err := stream.Dial(link.Dial{Delayed: delayed, Channel: ch})(ctx)
	if err != nil {
		return x.undialled(subject, stream.End(err))
	}
	defer conn.Close()
	t := &talk{stream: stream, conn: conn}
	if conn.Bare() {
		x.tell(Finding{Subject: subject, Text: "connects; this dialect has no login to see" + x.packed(conn)})
		return plan.Works
	}
	said, err := t.await(ctx, link.Greets, nil)
	if err == nil && said.Word == link.Greets {
		said, err = t.await(ctx, link.TakesKey, conn.Login)
	}
	taken := err == nil && said.Word == link.TakesKey
	if taken && x.one != "" {
		acknowledged, stop := context.WithTimeout(ctx, ackWait)
		defer stop()
		said, err = t.await(acknowledged, acknowledges, func(ctx context.Context) error {
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
	return x.judge(subject, said, x.packed(conn))
}

// packed says whether the stream is compressed, where that was asked for.
func (x *examination) packed(conn source.Conn) string {
	switch {
	case !x.o.Compress:
		return ""
	case conn.Compressed():
		return "; compressed"
	}
	return "; not compressed, the server does not offer it"
}

// undialled tells why there is no connection.
func (x *examination) undialled(subject string, end link.End) plan.Answer {
	f := Finding{Grade: GradeFail, Subject: subject, Text: end.Text, Remedy: cmp.Or(end.Remedy, "check the network, the proxy variables and ws-url")}
	answer := plan.Unasked
	switch end.Kind {
	case link.KeyRefused:
		answer, f.Refused, f.Remedy = plan.Refused, true, "the server refuses this key"
	case link.PlanLacks:
		answer, f.Refused, f.Remedy = plan.NoPlan, true, "the server refuses this plan"
	}
	x.tell(f)
	return answer
}

// judge turns what the server said last into a finding, and into what it means.
// Packed is said with a stream that works.
func (x *examination) judge(subject string, said link.Said, packed string) plan.Answer {
	switch {
	case said.Word == acknowledges, said.Word == link.TakesKey:
		x.tell(Finding{Subject: subject, Text: fmt.Sprintf("connects, takes the key and gives the channel of %s windows", windowName(x.o.Span)) + packed})
		return plan.Works
	case said.Word == link.RefusesKey:
		f := Finding{Grade: GradeFail, Subject: subject, Text: "the key is refused: " + said.Text, Remedy: "check the key", Refused: true}
		switch {
		case x.facts.NoKey:
			f.Text, f.Remedy = plan.NoKeySet.Sentence(), plan.NoKeySet.Remedy()
		case x.facts.REST == plan.Takes || x.facts.REST == plan.Late:
			f.Grade, f.Remedy = GradeWarn, "REST takes the key, so it is good: look whether the plan has this stream"
		}
		x.tell(f)
		return plan.Refused
	case said.Word.OfThePlan():
		x.tell(Finding{Grade: GradeWarn, Subject: subject, Text: "not in the plan: " + said.Text, Remedy: "optflow tries the delayed stream, then polls", Refused: true})
		return plan.NoPlan
	case said.Word == link.TakesSlot:
		x.tell(Finding{Grade: GradeWarn, Subject: subject, Text: "another program uses this key's connection", Remedy: "end the other one; meanwhile optflow polls"})
		return plan.Unasked
	}
	x.tell(Finding{Grade: GradeFail, Subject: subject, Text: "unexpected answer: " + said.Name + " " + said.Text, Remedy: "check ws-url and ws-dialect"})
	return plan.Unasked
}

func windowName(span model.Span) string {
	if span == model.Minute {
		return "1m"
	}
	return "1s"
}

// talk is a conversation that goes one question at a time.
type talk struct {
	stream source.Source
	conn   source.Conn
	buf    []byte
	batch  source.Batch
}

// acknowledges is the answer to a subscription, among the words.
const acknowledges = ^link.Word(0)

var errNoAnswer = errors.New("no answer in time")

// await asks, then reads until the wanted word or a refusal comes. The end of
// ctx ends the connection, so one ctx bounds the whole of the conversation.
func (t *talk) await(ctx context.Context, want link.Word, ask func(context.Context) error) (link.Said, error) {
	if ask != nil {
		if err := ask(ctx); err != nil {
			return link.Said{}, err
		}
	}
	for {
		data, err := t.conn.Read(ctx, t.buf[:0])
		if ctx.Err() != nil {
			return link.Said{}, errNoAnswer
		}
		if err != nil {
			return link.Said{}, err
		}
		t.buf = data
		if t.stream.Decode(data, 0, &t.batch) != nil {
			continue // bounded by ctx
		}
		for _, word := range t.batch.Words {
			said, is := word.(link.Said)
			if !is {
				said.Word = acknowledges
			}
			switch said.Word {
			case want:
				return said, nil
			case 0, link.Greets, link.TakesKey, acknowledges:
			default:
				return said, nil
			}
		}
	}
}
