package feed

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"optflow/model"
)

// fieldSteps is how many fields lie in one run.
const fieldSteps = 20

// wrongMost is how long a lot that was never traded may stand in a row after the
// field that lied is right again. Two later statements take it back, and in
// windows of a minute one comes a minute.
func (d *disorder) wrongMost() time.Duration {
	if d.spanned == model.Minute || time.Since(d.spannedAt) < 3*time.Minute {
		return 3 * time.Minute
	}
	return time.Minute
}

// lies are what is wrong with one field now.
type lies struct {
	on    bool
	until time.Time // when the last one ended
	clock time.Time // until when market time may be wrong
	date  time.Duration
	dates bool // REST states its time with every answer, as it does every two seconds
	asked time.Time

	bars  map[string]bool      // symbols whose bars' own size or stamp was wrong: nobody can tell
	wrong map[string]time.Time // since when more stands in a contract's rows than was traded
}

// A market in which one field after another is wrong, of answers and events that
// are good otherwise, while the stream comes and goes: what is wrong is in no row
// for longer than it is said, and costs no lot.
func chaosOfFields(t *testing.T, seed uint64) {
	inBubble(t, func(t *testing.T) {
		d := newDisorder(t, seed, true)
		d.lies = lies{dates: true, bars: map[string]bool{}, wrong: map[string]time.Time{}}
		d.watched(20 * time.Second)
		before := heapInUse(d.rig)
		for range fieldSteps {
			d.market.set(func() { d.market.perSec = []int{5, 5, 5, 20}[d.random.IntN(4)] })
			switch d.random.IntN(4) {
			case 0:
				d.end(1006)
				d.tell("close 1006")
			case 1:
				d.server.set(func() { d.server.dialErr = dialError("connection refused") })
				d.end(1006)
				d.tell("no stream")
			case 2:
				if d.spanned == model.Minute {
					d.spannedAt = time.Now()
				}
				d.spanned = draw(d, model.Second, model.Minute)
				d.engine.face().Window(d.spanned)
				d.tell(fmt.Sprintf("window of %d ms", d.spanned))
			}
			fault := fieldFaults[d.random.IntN(len(fieldFaults))]
			d.lies.on = true
			d.tell(fault.name + d.spoil(fault))
			d.watched(time.Duration(1+d.random.IntN(fault.most)) * time.Second)
			d.right()
			d.tell("right again")
			d.watched(time.Duration(1+d.random.IntN(100)) * time.Second)
		}
		d.heal()
		if grown := int64(heapInUse(d.rig)) - int64(before); grown > 32<<20 {
			t.Errorf("the heap grew by %d MB", grown>>20)
		}
		d.watched(2 * time.Minute)
		d.believe()
		d.settle()
	})
}

// right takes the lie back, and lets the stream come again.
func (d *disorder) right() {
	d.server.set(func() { d.server.event = nil; hostility(d.server, -1) })
	d.market.set(func() {
		m := d.market
		m.fail, d.json.meddle = nil, nil
	})
	if d.wall.Swap(0) != 0 || d.lies.date != 0 {
		d.lies.clock = time.Now().Add(2 * time.Minute)
	}
	d.lies.date, d.lies.on, d.lies.until = 0, false, time.Now()
}

// truthful holds the rows against what was traded.
func (d *disorder) truthful() {
	if !d.lies.dates {
		return
	}
	if time.Since(d.lies.asked) < 2*time.Second {
		return
	}
	d.lies.asked = time.Now()
	d.engine.clock.Set(time.Now().Add(d.lies.date).Unix()*1000, time.Now())
	list, err := d.engine.face().Observe(d.ctx, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	traded := map[string]int64{}
	d.market.set(func() { traded = maps.Clone(d.market.day) })
	for _, a := range list {
		symbol := d.tape.Contracts.At(a.Contract).Symbol
		if !a.Whole() {
			d.t.Fatalf("%s: the parts do not make the day: %+v", symbol, a)
		}
		if a.Exact+a.Polled <= traded[symbol] || d.lies.bars[symbol] {
			delete(d.lies.wrong, symbol)
			continue
		}
		if d.lies.wrong[symbol].IsZero() {
			d.lies.wrong[symbol] = time.Now()
		}
		if !d.lies.on && time.Since(d.lies.until) > d.wrongMost() && time.Since(d.lies.wrong[symbol]) > d.wrongMost() {
			d.t.Fatalf("%s: %d traded, for %v rows have said %+v", symbol, traded[symbol], time.Since(d.lies.wrong[symbol]), a)
		}
	}
}

// believe takes the day of contracts whose own bars lied for their truth.
func (d *disorder) believe() {
	d.traded = func() map[string]int64 {
		day := maps.Clone(d.market.day)
		d.engine.book.Accounts(func(a model.Account) bool {
			if symbol := d.tape.Contracts.At(a.Contract).Symbol; d.lies.bars[symbol] {
				day[symbol] = a.Day
			}
			return true
		})
		return day
	}
}

// fieldFault is a field that can be wrong, for at most so many seconds.
type fieldFault struct {
	name string
	most int
	set  func(d *disorder) string
}

// spoil lets a field lie, and says how.
func (d *disorder) spoil(f fieldFault) string { return f.set(d) }

// draw is one of them.
func draw[T any](d *disorder, of ...T) T { return of[d.random.IntN(len(of))] }

var fieldFaults = []fieldFault{
	{": REST's date, by ", 90, func(d *disorder) string {
		d.lies.date = d.wrongBy()
		d.lies.clock = time.Now().Add(time.Hour)
		return d.lies.date.String()
	}},
	{": this machine's clock, by ", 90, func(d *disorder) string {
		by := d.wrongBy()
		d.wall.Store(int64(by))
		d.lies.clock = time.Now().Add(time.Hour)
		return by.String()
	}},
	{": of a bar ", 60, spoilEvent}, {": of a bar ", 60, spoilEvent}, {": of a bar ", 60, spoilEvent}, {": of a bar ", 60, spoilEvent},
	{": of REST ", 60, spoilField}, {": of REST ", 60, spoilField}, {": of REST ", 60, spoilField}, {": of REST ", 60, spoilField},
	{": of REST ", 60, spoilField}, {": of REST ", 60, spoilField}, {": of REST ", 60, spoilField}, {": of REST ", 60, spoilField},
	{": of what the market does ", 400, spoilStatus}, {": of what the market does ", 400, spoilStatus},
	{": of a page ", 60, spoilPage}, {": of a page ", 60, spoilPage},
	{": answer ", 60, spoilAnswer}, {": answer ", 60, spoilAnswer},
	{": status ", 30, spoilWords},
	{": channel ", 60, func(d *disorder) string {
		d.server.set(func() { d.server.refuseAll = [2]string{"error", "not authorized"} })
		d.end(1000)
		return "not authorized"
	}},
}

// wrongBy is by how much a clock is wrong.
func (d *disorder) wrongBy() time.Duration {
	return draw(d, 26*time.Hour, -26*time.Hour, 9*time.Minute, -9*time.Minute, 40*24*time.Hour, -20000*24*time.Hour, time.Duration(1+d.random.IntN(59))*time.Second)
}

// spoilEvent lets one field of a contract's bars, or of all, be wrong.
func spoilEvent(d *disorder) string {
	victim := draw(d, append(d.market.symbols, "")...)
	names := []string{"v", "av", "av", "vw", "o", "h", "l", "c", "a", "z", "s", "e", "ev", "sym"}
	name := draw(d, names...)
	values := map[string][]string{
		"v":  {"0", "-1", "4294967295", "99999", `"5"`, "NaN", "null", "1.5", "1e400"},
		"av": {"0", "-7", "4294967294", "1000000", `"5"`, "NaN", "null", "0.5", "1"},
		"s":  {"0", "-1", fmt.Sprint(time.Now().Add(26*time.Hour).Unix() * 1000), fmt.Sprint(time.Now().Add(-30*time.Hour).Unix() * 1000), "1", `"now"`, "4102444800000", "null"},
		"e":  {"0", "1", "null", "-5"},
		"ev": {`"AM"`, `"T"`, `""`, "null", "5"}, "sym": {`""`, `"O:"`, `"O:SPY"`, `"SPY"`, `"\u001b[2J"`, "7", `"O:SPY991301C00100000"`},
	}[name]
	if values == nil {
		values = []string{"0", "-1", "NaN", `"NaN"`, "1e7", "9999999", "1e-9", "null"}
	}
	value := draw(d, values...)
	d.server.set(func() {
		d.server.event = func(b bar) string {
			if victim != "" && b.symbol != victim {
				return b.json()
			}
			if name == "v" && (value == "99999" || value == "0") {
				d.lies.bars[b.symbol] = true
			}
			return wrongField(b.json(), name, value)
		}
	})
	return fmt.Sprintf("%s of %q is %s", name, victim, value)
}

// wrongField puts another value in the place of one.
func wrongField(event, name, value string) string {
	before, rest, found := strings.Cut(event, `"`+name+`":`)
	if !found {
		return event
	}
	after := rest[strings.IndexAny(rest, ",}"):]
	return before + `"` + name + `":` + value + after
}

// spoilPage lets pages have rows that they should not have, or not have those
// they should.
func spoilPage(d *disorder) string {
	name := draw(d, "empty, with a next", "one twice", "short", "a next that ends nowhere", "empty")
	const nowhere = "http://" + jsonHost + "/v3/snapshot/options/SPY?cursor=0"
	d.meddle(func(endpoint string, l *letter) {
		doc, _ := l.doc.(map[string]any)
		rows, _ := doc["results"].([]any)
		switch {
		case endpoint != "chain" || len(rows) == 0:
		case name == "empty, with a next":
			doc["results"], doc["next_url"] = []any{}, nowhere
		case name == "one twice":
			doc["results"] = append(rows, rows[0])
		case name == "short":
			doc["results"] = rows[:len(rows)/2]
		case name == "a next that ends nowhere":
			doc["next_url"] = nowhere
		default:
			doc["results"] = []any{}
		}
	})
	return name
}

// spoilAnswer lets one endpoint answer with a status out of place.
func spoilAnswer(d *disorder) string {
	endpoint := draw(d, "chain", "contract", "contracts", "unified", "aggs", "quotes", "status", "upcoming")
	a := draw(d,
		letter{200, "application/json", `{"status":"ERROR","error":"something"}`},
		letter{200, "application/json", `{"status":"NOT_AUTHORIZED","message":"You are not entitled to this data."}`},
		letter{403, "application/json", `{"status":"NOT_AUTHORIZED","message":"You are not entitled to this data."}`},
		letter{403, "text/html", "<html>"}, letter{204, "", ""}, letter{200, "text/html", "<html>"}, letter{404, "application/json", `{"status":"NOT_FOUND"}`},
		letter{418, "text/plain", "teapot"}, letter{302, "", ""}, letter{500, "application/json", `{}`}, letter{401, "application/json", `{"status":"ERROR"}`},
		letter{429, "application/json", `{"status":"ERROR","error":"too many requests"}`}, letter{200, "application/json", `{"status":"OK","request_id":"`})
	once := d.random.IntN(3) == 0
	n := 0
	d.meddle(func(what string, l *letter) {
		if what != endpoint {
			return
		}
		if n++; !once || n == 1 {
			*l = a
		}
	})
	return fmt.Sprintf("%d %q of %s, once %v", a.status, a.doc, endpoint, once)
}
