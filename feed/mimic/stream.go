package mimic

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/coder/websocket"
)

// viewer is one connection of the stream.
type viewer struct {
	conn    *websocket.Conn
	cut     context.CancelFunc
	out     chan []byte
	good    bool
	topics  []string // "A.*", "AM.O:…"
	leaving websocket.StatusCode
}

// Cut ends every connection of the stream: with a close code, or abruptly with 0.
func (v *Vendor) Cut(code int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, one := range v.viewers {
		one.leaving = websocket.StatusCode(code)
		one.cut()
	}
}

// stream is the WebSocket endpoint.
func (v *Vendor) stream(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	reading := context.WithoutCancel(r.Context()) // a cut may be polite
	ctx, cut := context.WithCancel(reading)
	one := &viewer{conn: conn, cut: cut, out: make(chan []byte, 4096)}
	v.mu.Lock()
	v.viewers = append(v.viewers, one)
	v.mu.Unlock()
	one.say(map[string]any{"message": "Connected Successfully", "status": "connected", "ev": "status"})
	go func() {
		defer cut()
		for {
			_, text, err := conn.Read(reading)
			if err != nil {
				return
			}
			v.command(one, text)
		}
	}()
	for more := true; more; {
		select {
		case text := <-one.out:
			more = conn.Write(ctx, websocket.MessageText, text) == nil
		case <-ctx.Done():
			more = false
		}
	}
	cut()
	v.mu.Lock()
	v.viewers = slices.DeleteFunc(v.viewers, func(other *viewer) bool { return other == one })
	code := one.leaving
	v.mu.Unlock()
	if code != 0 {
		_ = conn.Close(code, "")
	}
	_ = conn.CloseNow()
}

// say queues an array of events; a viewer that does not read is cut.
func (one *viewer) say(events ...any) {
	text, err := json.Marshal(events)
	if err != nil {
		panic(err) // plain maps of plain values
	}
	select {
	case one.out <- text:
	default:
		one.cut()
	}
}

func status(what, message string) any {
	return map[string]any{"ev": "status", "status": what, "message": message}
}

func (v *Vendor) command(one *viewer, text []byte) {
	var c struct{ Action, Params string }
	if json.Unmarshal(text, &c) != nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	switch c.Action {
	case "auth":
		if one.good = c.Params == v.o.Key; one.good {
			one.say(status("auth_success", "authenticated"))
			return
		}
		one.say(status("auth_failed", "authentication failed"))
	case "subscribe", "unsubscribe":
		var answers []any
		for _, topic := range strings.Split(c.Params, ",") {
			held := slices.Contains(one.topics, topic)
			switch {
			case !one.good:
				return
			case c.Action == "unsubscribe" && held:
				one.topics = slices.DeleteFunc(one.topics, func(t string) bool { return t == topic })
				answers = append(answers, status("success", "unsubscribed to: "+topic))
			case c.Action == "subscribe" && !held:
				one.topics = append(one.topics, topic)
				answers = append(answers, status("success", "subscribed to: "+topic))
			}
		}
		if len(answers) > 0 {
			one.say(answers...)
		}
	}
}

// send works the bars of a frame out as of now. The caller holds mu.
func (v *Vendor) send(f frame, now int64) {
	for _, one := range v.viewers {
		var events []any
		for _, b := range f.bars {
			channel := "A"
			if b.width != 1_000 {
				channel = "AM"
			}
			if slices.Contains(one.topics, channel+".*") || slices.Contains(one.topics, channel+"."+b.option.symbol) {
				if event := b.event(channel, now); event != nil {
					events = append(events, event)
				}
			}
		}
		if len(events) > 0 {
			one.say(events...)
		}
	}
}

// event is a bar on the wire: what its window holds by now, and the day's
// volume up to its end, or up to now when it is sent again.
func (b *bar) event(channel string, now int64) any {
	w := b.option.window(b.from, b.from+b.width, now)
	if w.Volume == 0 {
		return nil
	}
	var day, money float64
	for _, p := range b.option.prints {
		if p.seen <= now && (b.again || p.at < b.from+b.width) {
			day += float64(p.size)
			money += float64(p.size) * p.price
		}
	}
	return map[string]any{
		"z": w.Volume / w.Count, "e": b.from + b.width, "s": b.from, "vw": w.Vwap, "c": w.Close, "o": w.Open, "h": w.High, "l": w.Low,
		"av": day, "v": w.Volume, "a": money / day, "op": b.option.prints[0].price, "sym": b.option.symbol, "ev": channel,
	}
}

// window is a stretch of an option's bars.
type window struct {
	Open, High, Low, Close, Vwap float64
	Volume, Count                float64
}

func (o *option) window(from, to, at int64) (w window) {
	money := 0.0
	for _, p := range o.prints {
		if p.at < from || p.at >= to || p.barred > at {
			continue
		}
		if w.Count == 0 {
			w.Open, w.High, w.Low = p.price, p.price, p.price
		}
		w.Close, w.High, w.Low = p.price, max(w.High, p.price), min(w.Low, p.price)
		w.Volume, w.Count = w.Volume+float64(p.size), w.Count+1
		money += p.price * float64(p.size)
	}
	if w.Volume > 0 {
		w.Vwap = money / w.Volume
	}
	return w
}
