package massive

import (
	"encoding/json"
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"

	"optflow/feed/link"
	"optflow/feed/massive/wire"
	"optflow/model"
	"optflow/model/ticker"
)

// reference is the decoder as one would write it first: encoding/json and
// nothing else. What it says is right by definition; Decoder must agree.
type reference struct {
	contracts *model.Registry
	keep      func(string) bool
	assume    link.Channel
	heard     map[string]bool
}

// Keys are compared exactly: a map keeps "T" and "t" apart.
type object map[string]json.RawMessage

// CHANNEL.SYMBOL, CHANNEL.*: what may follow the first pair of an acknowledgement.
var anotherPair = regexp.MustCompile(`^[A-Z0-9:*]*\.[A-Z0-9.:*]*$`)

var symbolPattern = regexp.MustCompile(`^O:([A-Z0-9.]{1,6})\d{6}[CP]\d{8}$`)

func (r *reference) decode(frame []byte, into *Batch) error {
	var elements []json.RawMessage
	if err := json.Unmarshal(frame, &elements); err != nil {
		return err
	}
	if elements == nil {
		return errors.New("null")
	}
	for _, raw := range elements {
		into.Events++
		if !r.element(raw, into) {
			into.Malformed++
		}
	}
	return nil
}

func (r *reference) element(raw []byte, into *Batch) bool {
	var o object
	if json.Unmarshal(raw, &o) != nil || o == nil {
		return false
	}
	ev, evThere, ok := o.text("ev")
	if !ok {
		return false
	}
	status, statusThere, statusOK := o.text("status")
	switch {
	case evThere && ev == "status":
		if !statusOK {
			return false
		}
		r.status(status, o, into)
		return true
	case !evThere && statusThere && statusOK:
		r.status(status, o, into)
		return true
	case evThere && ev != "A" && ev != "AM":
		into.Other++
		return true
	case !evThere:
		return r.bar(r.assume.Span(), o, into)
	}
	return r.bar(map[string]model.Span{"A": model.Second, "AM": model.Minute}[ev], o, into)
}

func (r *reference) status(status string, o object, into *Batch) {
	message, _, _ := o.text("message")
	s := Status{Status: wire.Clean(status, wire.StatusCells, nil), Message: wire.Clean(message, wire.MessageCells, nil)}
	s.Word = wordOf(s.Status, s.Message)
	if s.Word != subscribed && s.Word != unsubscribed {
		into.Statuses = append(into.Statuses, s)
		return
	}
	_, pairs, _ := strings.Cut(message, ":")
	for i, pair := range strings.Split(pairs, ",") {
		pair = strings.TrimSpace(pair)
		if i > 0 && (!anotherPair.MatchString(pair) || len(pair) < len("A.*") || len(pair) > pairCells) {
			continue // the first is shown whatever it says
		}
		s.Pair = wire.Clean(pair, pairCells, nil)
		into.Statuses = append(into.Statuses, s)
	}
}

func (r *reference) bar(span model.Span, o object, into *Batch) bool {
	sym, symThere, symOK := o.text("sym")
	values, there := map[string]float64{}, map[string]bool{}
	for _, key := range []string{"v", "av", "vw", "o", "h", "l", "c", "a", "z", "s", "e"} {
		raw, found := o[key]
		if !found || string(raw) == "null" {
			continue
		}
		var n json.Number
		if raw[0] == '"' || json.Unmarshal(raw, &n) != nil {
			return false
		}
		f, err := strconv.ParseFloat(n.String(), 64)
		if err != nil {
			return false
		}
		values[key], there[key] = f, true
	}
	if span == 0 || !symThere || !symOK {
		return false
	}
	for _, key := range []string{"v", "vw", "o", "h", "l", "c", "s"} {
		if !there[key] {
			return false
		}
	}
	match := symbolPattern.FindStringSubmatch(sym)
	if match == nil {
		return false
	}
	underlying := ticker.OfRoot(match[1])
	if !r.heard[underlying] {
		r.heard[underlying] = true
		into.NewUnderlyings = append(into.NewUnderlyings, underlying)
	}
	if r.keep != nil && !r.keep(underlying) {
		into.Filtered++
		return true
	}
	for _, key := range []string{"vw", "o", "h", "l", "c", "a", "z"} {
		if values[key] < 0 || values[key] > 10_000_000 {
			return false
		}
	}
	integer := func(key string, least, most float64) bool {
		f := values[key]
		return f == math.Floor(f) && f >= least && f <= most
	}
	if !integer("v", 0, math.MaxUint32-1) || !integer("s", 946_684_800_000, 4_102_444_800_000) || values["l"] > values["h"] {
		return false
	}
	if width := values["e"] - values["s"]; there["e"] && width != float64(span) && width != float64(span-1) {
		return false
	}
	day := int64(-1)
	if there["av"] {
		if !integer("av", 0, math.MaxUint32-1) {
			return false
		}
		if values["av"] >= values["v"] {
			day = int64(values["av"])
		}
	}
	id, err := r.contracts.Intern(sym)
	if err != nil {
		return false
	}
	into.Bars = append(into.Bars, model.Bar{
		Contract: id, Span: span, Start: int64(values["s"]), Volume: int64(values["v"]), DayVolume: day,
		Open: math.Abs(values["o"]), High: math.Abs(values["h"]), Low: math.Abs(values["l"]), Close: math.Abs(values["c"]),
		Vwap: math.Abs(values["vw"]), DayVwap: math.Abs(values["a"]), AvgSize: math.Abs(values["z"]),
	})
	return true
}

// text reads an optional string; ok is false when it is there and none.
func (o object) text(key string) (s string, there, ok bool) {
	raw, found := o[key]
	if !found || string(raw) == "null" {
		return "", false, true
	}
	if json.Unmarshal(raw, &s) != nil {
		return "", true, false
	}
	return s, true, true
}
