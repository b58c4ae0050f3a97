package massive

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/coder/websocket"

	"optflow/feed/link"
	"optflow/feed/massive/wire"
)

// command is what a client says on the vendor's wire.
type command struct {
	Action string `json:"action"`
	Params string `json:"params"`
}

// originCommand is the older form: one contract, or "*", a message.
type originCommand struct {
	Action string `json:"action"`
	Ticker string `json:"ticker"`
}

const everything = "*"

// Pair is the name under which a subscription is acknowledged, for example
// "AM.O:SPY251219C00650000", or "A.*" for an empty symbol.
func Pair(ch link.Channel, symbol string) string {
	if symbol == "" {
		symbol = everything
	}
	return NameOf(ch) + "." + symbol
}

// Login sends the key. In the origin dialect the key went with the URL, and it
// does nothing.
func (c *Conn) Login(ctx context.Context) error {
	if c.dialect == Origin || c.key == nil {
		return nil
	}
	return c.say(ctx, "authenticate", command{Action: "auth", Params: c.key.Reveal()})
}

// Subscribe asks for a channel's events of the given contract symbols, nil for
// all contracts. It is one message, or in the origin dialect one a symbol, and
// does not wait for the acknowledgement, which comes as a Status.
func (c *Conn) Subscribe(ctx context.Context, ch link.Channel, symbols []string) error {
	return c.change(ctx, "subscribe", ch, symbols)
}

// Unsubscribe is the reverse of Subscribe.
func (c *Conn) Unsubscribe(ctx context.Context, ch link.Channel, symbols []string) error {
	return c.change(ctx, "unsubscribe", ch, symbols)
}

func (c *Conn) change(ctx context.Context, action string, ch link.Channel, symbols []string) error {
	if symbols == nil {
		symbols = []string{everything}
	}
	var params strings.Builder
	for i, symbol := range symbols {
		if _, ok := wire.RootOf([]byte(symbol)); !ok && symbol != everything {
			return fmt.Errorf("%s: %q is no contract symbol", action, wire.Clean(symbol, pairCells, c.key))
		}
		if c.dialect == Origin {
			if err := c.say(ctx, action, originCommand{Action: action, Ticker: symbol}); err != nil {
				return err
			}
			continue
		}
		if i > 0 {
			params.WriteByte(',')
		}
		params.WriteString(Pair(ch, symbol))
	}
	if params.Len() == 0 {
		return nil
	}
	return c.say(ctx, action, command{Action: action, Params: params.String()})
}

// say sends one message. The end of ctx while it is being written closes the
// connection: half a frame cannot be taken back.
func (c *Conn) say(ctx context.Context, doing string, message any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if err := c.ws.Write(ctx, websocket.MessageText, text); err != nil {
		return c.wrap(doing, err)
	}
	return nil
}
