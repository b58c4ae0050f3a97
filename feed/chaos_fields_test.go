package feed

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"optflow/feed/massive"
	"optflow/feed/source"
	"optflow/model"
)

// fieldSteps is how many fields lie in one run.
const fieldSteps = 20

// wrongMost is how long a lot that was never traded may stand in a row after the
// field that lied is right again.
const wrongMost = time.Minute

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
		d := newDisorder(t, seed)
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
		m.fail, m.ofSnapshot, m.ofPage, m.ofBar, m.ofStatus = nil, nil, nil, nil, nil
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
		if !d.lies.on && time.Since(d.lies.until) > wrongMost && time.Since(d.lies.wrong[symbol]) > wrongMost {
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
	{": serverTime, by ", 400, func(d *disorder) string {
		by := d.wrongBy()
		d.lies.clock = time.Now().Add(time.Hour)
		d.market.set(func() {
			d.market.ofStatus = func(s *source.MarketStatus) { s.ServerTime = s.ServerTime.Add(by) }
		})
		d.lies.date = time.Nanosecond // that right gives the clock time
		return by.String()
	}},
	{": market status ", 400, func(d *disorder) string {
		word := draw(d, "closed", "extended-hours", "", "OPEN", "halted", "null")
		d.market.set(func() {
			d.market.ofStatus = func(s *source.MarketStatus) { s.Market, s.NYSE = word, draw(d, word, "") }
		})
		return word
	}},
	{": of a bar ", 60, spoilEvent}, {": of a bar ", 60, spoilEvent}, {": of a bar ", 60, spoilEvent}, {": of a bar ", 60, spoilEvent},
	{": of a snapshot ", 60, spoilSnapshot}, {": of a snapshot ", 60, spoilSnapshot}, {": of a snapshot ", 60, spoilSnapshot}, {": of a snapshot ", 60, spoilSnapshot},
	{": of a page ", 60, spoilPage}, {": of a page ", 60, spoilPage},
	{": of a bar by REST ", 60, func(d *disorder) string {
		what := draw(d, "size", "vwap", "stamp")
		d.market.set(func() {
			d.market.ofBar = func(symbol string, b *model.Bar) {
				switch what {
				case "size":
					d.lies.bars[symbol] = true
					b.Volume *= 7
				case "vwap":
					b.Vwap = 9e6
				default:
					b.Start += 24 * 3600_000
				}
			}
		})
		return what
	}},
	{": answer ", 60, spoilAnswer}, {": answer ", 60, spoilAnswer},
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

// spoilSnapshot lets one field of the snapshots of a contract, or of all, be
// wrong, as far as the client lets it pass.
func spoilSnapshot(d *disorder) string {
	victim := draw(d, append(d.market.symbols, "")...)
	now := time.Now().UnixMilli()
	const day = 24 * 3600_000
	volume, updated := draw[int64](d, 0, 1, 4711, 1_000_000, 4294967294), draw(d, 0, now-day, now+day, now-40*day, now+3600_000, now-3600_000)
	name := draw(d, "volume", "volume", "last_updated", "no day", "vwap", "crossed", "zero quote", "no quote", "quote's time", "open interest", "shares", "more", "greeks", "spot", "underlying")
	number := draw(d, 0, -1, 1e9, 0.5, model.Unknown)
	d.market.set(func() {
		d.market.ofSnapshot = func(s *model.Snapshot) {
			if victim != "" && s.Symbol != victim {
				return
			}
			switch name {
			case "volume":
				s.HasDay, s.DayUpdated, s.DayVolume = true, time.Now().UnixMilli(), volume
			case "last_updated":
				s.DayUpdated = updated
			case "no day":
				s.HasDay = false
			case "vwap":
				s.DayVwap = number
			case "crossed":
				s.Quote.Bid, s.Quote.Ask = s.Quote.Ask, s.Quote.Bid
			case "zero quote":
				s.Quote.Bid, s.Quote.Ask = 0, 0
			case "no quote":
				s.HasQuote, s.Quote = false, model.Quote{}
			case "quote's time":
				s.Quote.Updated = updated
			case "open interest":
				s.OpenInterest = max(0, number)
			case "shares":
				s.Shares = draw(d, 0.0, 1, 150, 1_000_000)
			case "more":
				s.More = true
			case "greeks":
				s.IV, s.Delta = number, number
			case "spot":
				s.Spot, s.SpotUpdated = max(0, number), updated
			default:
				s.Underlying = "QQQ"
			}
		}
	})
	return fmt.Sprintf("%s of %q: volume %d, time %d, number %g", name, victim, volume, updated-now, number)
}

// spoilPage lets pages have rows that they should not have, or not have those
// they should.
func spoilPage(d *disorder) string {
	name := draw(d, "empty, with a next", "one twice", "short", "a next that ends nowhere", "empty")
	d.market.set(func() {
		d.market.ofPage = func(page *source.ChainPage, next bool) {
			n := len(page.Snapshots)
			switch {
			case n == 0:
			case name == "empty, with a next" && !next:
				page.Snapshots, page.Next = nil, "SPY 0"
			case name == "one twice":
				page.Snapshots = append(page.Snapshots, page.Snapshots[0])
			case name == "short":
				page.Snapshots = page.Snapshots[:n/2]
			case name == "a next that ends nowhere" && page.Next == "":
				page.Next = "SPY 0"
			case name == "empty":
				page.Snapshots = nil
			}
		}
	})
	return name
}

// spoilAnswer lets one endpoint answer with a status out of place.
func spoilAnswer(d *disorder) string {
	type answer struct {
		status int
		form   string
		body   string
	}
	endpoint := draw(d, "chain", "contract", "contracts", "unified", "aggs", "quotes", "status", "upcoming")
	a := draw(d,
		answer{200, "application/json", `{"status":"ERROR","error":"something"}`},
		answer{200, "application/json", `{"status":"NOT_AUTHORIZED","message":"You are not entitled to this data."}`},
		answer{403, "application/json", `{"status":"NOT_AUTHORIZED","message":"You are not entitled to this data."}`},
		answer{403, "text/html", "<html>"}, answer{204, "", ""}, answer{200, "text/html", "<html>"}, answer{404, "application/json", `{"status":"NOT_FOUND"}`},
		answer{418, "text/plain", "teapot"}, answer{302, "", ""}, answer{500, "application/json", `{}`}, answer{401, "application/json", `{"status":"ERROR"}`})
	once := d.random.IntN(3) == 0
	err := answered(d.t, a.status, a.form, a.body)
	n := 0
	d.market.set(func() {
		d.market.fail = func(what string) error {
			if what != endpoint {
				return nil
			}
			if n++; once && n > 1 {
				return nil
			}
			return err
		}
	})
	return fmt.Sprintf("%d %q of %s, once %v: %v", a.status, a.body, endpoint, once, err)
}

// answered is what the client makes of an answer.
func answered(t *testing.T, status int, form, body string) error {
	t.Helper()
	r, err := massive.NewREST(massive.RESTOptions{BaseURL: "http://rest.test", Key: testKey(canary), HTTPClient: &http.Client{Transport: answers(func() *http.Response {
		return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {form}}, Body: io.NopCloser(strings.NewReader(body))}
	})}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err = r.Chain(context.Background(), "SPY", source.ChainFilter{}); err == nil {
		t.Fatalf("HTTP %d %q is taken for good", status, body)
	}
	return err
}

type answers func() *http.Response

func (a answers) RoundTrip(q *http.Request) (*http.Response, error) {
	r := a()
	r.Request = q
	return r, nil
}
