package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"optflow/feed/history"
	"optflow/feed/relay"
	"optflow/model"
	"optflow/model/daylog"
)

// The headers of a message. A block too large for one is in several, each with its
// part; the hello that goes before it is with the first.
const (
	headEpoch = "Flow-Epoch"
	headNext  = "Flow-Next" // the op behind the block
	headHello = "Flow-Hello"
	headPart  = "Flow-Part" // "2/3"
)

// messages are those of a block. The same one is stored once, but for a run that
// says all of it again.
func (n names) messages(epoch, run string, day model.Date, hello *relay.Hello, b *history.Block, most int) ([]*nats.Msg, error) {
	data := b.Append(nil)
	parts := max(1, (len(data)+most-1)/most)
	all := make([]*nats.Msg, parts)
	for i := range all {
		m := nats.NewMsg(n.day(day))
		m.Data = data[i*most : min(len(data), (i+1)*most)]
		id := fmt.Sprintf("%s-%s-%d%s", epoch, day, b.First, run)
		if parts > 1 {
			id += fmt.Sprintf("-%d", i)
			m.Header.Set(headPart, fmt.Sprintf("%d/%d", i+1, parts))
		}
		m.Header.Set(nats.MsgIdHdr, id)
		m.Header.Set(headEpoch, epoch)
		if i == parts-1 {
			m.Header.Set(headNext, strconv.FormatUint(b.First+uint64(b.Ops), 10))
		}
		if hello != nil && i == 0 {
			text, err := json.Marshal(hello)
			if err != nil {
				return nil, fmt.Errorf("publishing a block: %w", err)
			}
			m.Header.Set(headHello, string(text))
		}
		all[i] = m
	}
	return all, nil
}

// lookBack is how many messages that are no blocks may be behind the last one.
const lookBack = 100

// lastBlock is the last message of a stream that has a block, or a part of one; nil:
// there is none near the end. Whatever else may have come into it is passed over.
func lastBlock(ctx context.Context, stream jetstream.Stream, has jetstream.StreamState) (*jetstream.RawStreamMsg, error) {
	for seq := has.LastSeq; has.Msgs > 0 && seq >= has.FirstSeq && has.LastSeq-seq < lookBack; seq-- {
		m, err := stream.GetMsg(ctx, seq)
		if err != nil {
			return nil, err
		}
		if m.Header.Get(headEpoch) != "" {
			return m, nil
		}
	}
	return nil, nil
}

// whole puts the parts of blocks together.
type whole struct {
	data []byte
	part int
}

var errParts = errors.New("a part of a block is missing")

// add takes a message's data. The block is nil until it is whole.
func (w *whole) add(data []byte, part string) (block []byte, err error) {
	if part == "" {
		w.data, w.part = w.data[:0], 0
		return data, nil
	}
	var n, of int
	if _, err := fmt.Sscanf(part, "%d/%d", &n, &of); err != nil || n < 1 || n > of {
		return nil, errParts
	}
	if n == 1 {
		w.data, w.part = w.data[:0], 0
	}
	if n != w.part+1 || len(w.data)+len(data) > daylog.MaxBlock+64 {
		return nil, errParts
	}
	w.data, w.part = append(w.data, data...), n
	if n < of {
		return nil, nil
	}
	w.part = 0
	return w.data, nil
}
