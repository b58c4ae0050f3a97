package feed

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// meddle has every answer of REST changed from now on, on the wire.
func (d *disorder) meddle(f func(endpoint string, l *letter)) {
	d.market.set(func() { d.json.meddle = f })
}

// field is a value in the vendor's JSON, by its keys from the answer's top, or
// from each row of its results.
type field struct {
	endpoints string // those that have it
	row       bool
	path      []string
	values    func(now int64) []any
}

func oneOf(values ...any) func(int64) []any { return func(int64) []any { return values } }

var (
	numbers = oneOf(0, -1, 0.5, 1e9, "7", nil, true, []any{}, "1e400", 1e-300)
	sizes   = oneOf(0, 1, 4711, 1_000_000, 4294967294, -7, 0.5, "7", nil, "1e400")
	parts   = oneOf(nil, 5, "x", []any{}, map[string]any{})
	names   = oneOf("", nil, 5, "O:", "O:SPY", "QQQ", "\x1b[2J", "O:SPY000121C00103000", "O:QQQ000121C00100000", "O:SPY991301C00100000")
	dates   = oneOf("", nil, "1999-01-01", "never", 20000121)
)

// times are stamps in nanoseconds, or whatever a number of ms is multiplied to.
func times(unit int64) func(int64) []any {
	return func(now int64) []any {
		const hour = 3600_000
		return []any{
			0, -1, "now", nil, 1, now, (now - 26*hour) * unit, (now + 26*hour) * unit, (now - 40*24*hour) * unit, (now + 40*24*hour) * unit,
			(now + hour) * unit, (now - hour) * unit, (now - 60_000) * unit, 4102444800000 * unit, 1.5,
		}
	}
}

const snapshots, answersOfMany = "chain contract unified", "chain contract unified contracts aggs quotes"

// fields are those of REST's answers that are not told as a word.
var fields = []field{
	{snapshots, true, []string{"day"}, parts}, {snapshots, true, []string{"day", "volume"}, sizes}, {snapshots, true, []string{"day", "volume"}, sizes},
	{snapshots, true, []string{"day", "last_updated"}, times(1e6)}, {snapshots, true, []string{"day", "vwap"}, numbers}, {snapshots, true, []string{"day", "high"}, numbers},
	{snapshots, true, []string{"last_quote"}, parts}, {snapshots, true, []string{"last_quote", "bid"}, numbers}, {snapshots, true, []string{"last_quote", "ask"}, numbers},
	{snapshots, true, []string{"last_quote", "bid_size"}, sizes}, {snapshots, true, []string{"last_quote", "last_updated"}, times(1e6)},
	{snapshots, true, []string{"open_interest"}, sizes}, {snapshots, true, []string{"implied_volatility"}, numbers}, {snapshots, true, []string{"greeks", "delta"}, numbers},
	{snapshots, true, []string{"details"}, parts}, {snapshots, true, []string{"details", "ticker"}, names}, {"unified", true, []string{"ticker"}, names},
	{"unified", true, []string{"error"}, oneOf("NOT_FOUND", "NOT_ENTITLED", "", 5)},
	{snapshots, true, []string{"details", "shares_per_contract"}, sizes}, {snapshots, true, []string{"details", "expiration_date"}, dates},
	{snapshots, true, []string{"details", "additional_underlyings"}, oneOf([]any{map[string]any{"underlying": "USD", "amount": 7}}, 5, []any{})},
	{snapshots, true, []string{"underlying_asset", "ticker"}, names}, {snapshots, true, []string{"underlying_asset", "price"}, numbers},
	{snapshots, true, []string{"underlying_asset", "last_updated"}, times(1e6)}, {snapshots, true, []string{"underlying_asset", "timeframe"}, oneOf("DELAYED", "", 5)},
	{"contracts", true, []string{"ticker"}, names}, {"contracts", true, []string{"underlying_ticker"}, names}, {"contracts", true, []string{"shares_per_contract"}, sizes},
	{"contracts", true, []string{"expiration_date"}, dates},
	{"aggs", true, []string{"t"}, times(1)}, {"aggs", true, []string{"v"}, sizes}, {"aggs", true, []string{"vw"}, numbers}, {"aggs", true, []string{"h"}, numbers}, {"aggs", true, []string{"n"}, sizes},
	{"aggs", false, []string{"resultsCount"}, sizes}, {"aggs", false, []string{"queryCount"}, sizes}, {"aggs", false, []string{"ticker"}, names},
	{"quotes", true, []string{"sip_timestamp"}, times(1e6)}, {"quotes", true, []string{"bid_price"}, numbers}, {"quotes", true, []string{"ask_price"}, numbers},
	{answersOfMany, false, []string{"status"}, oneOf("ERROR", "NOT_AUTHORIZED", "DELAYED", "NOT_FOUND", "", nil, 5, "ok")},
	{answersOfMany, false, []string{"request_id"}, oneOf(nil, 5, "")}, {answersOfMany, false, []string{"results"}, oneOf(nil, 5, "x", []any{nil, 5}, map[string]any{})},
	{answersOfMany, false, []string{"next_url"}, oneOf("", 5, nil, "https://evil.test/v3", "http://rest.test.evil.test/", "http://rest.test/v3/snapshot/options/SPY?cursor=99",
		"http://rest.test@evil.test/", "/v3/snapshot/options/SPY", "http://rest.test:81/v3/snapshot/options/SPY")},
}

// words are what the market is said to do.
var words = []field{
	{"status", false, []string{"market"}, oneOf("closed", "extended-hours", "", "OPEN", "halted", nil, 5)},
	{"status", false, []string{"exchanges", "nyse"}, oneOf("closed", "extended-hours", "", "OPEN", "halted", nil, 5)},
	{"status", false, []string{"exchanges"}, parts},
	{"status", false, []string{"serverTime"}, func(now int64) []any {
		at := func(by time.Duration) string { return time.UnixMilli(now).Add(by).Format(time.RFC3339) }
		return []any{at(26 * time.Hour), at(-26 * time.Hour), at(9 * time.Minute), at(-9 * time.Minute), at(-20000 * 24 * time.Hour), "now", "", nil, 5}
	}},
}

// spoilField lets one field of one contract's answers, or of all, be wrong.
func spoilField(d *disorder) string {
	f := draw(d, fields...)
	victim, value := draw(d, append(d.market.symbols, "")...), draw(d, f.values(time.Now().UnixMilli())...)
	d.lie(f, victim, value)
	return fmt.Sprintf("%q in %s of %q is %v", f.path, f.endpoints, victim, value)
}

// spoilStatus lets what the market is said to do be wrong, or its time.
func spoilStatus(d *disorder) string {
	f := draw(d, words...)
	value := draw(d, f.values(time.Now().UnixMilli())...)
	if f.path[0] == "serverTime" {
		d.lies.clock, d.lies.date = time.Now().Add(time.Hour), time.Nanosecond // that right gives the clock time
	}
	d.engine.face().PollNow()
	d.lie(f, "", value)
	return fmt.Sprintf("%q is %v", f.path, value)
}

// lie puts a value in the place of one.
func (d *disorder) lie(f field, victim string, value any) {
	if name, _ := value.(string); f.path[len(f.path)-1] == "ticker" {
		d.lies.bars[name] = true // a contract that REST has invented: nobody can tell
	}
	d.meddle(func(endpoint string, l *letter) {
		if !slices.Contains(strings.Fields(f.endpoints), endpoint) {
			return
		}
		doc, _ := l.doc.(map[string]any)
		if !f.row {
			put(l.doc, f.path, value)
			return
		}
		rows, bare := l.doc.([]any) // the holidays have nothing around them
		if results, many := doc["results"].([]any); many {
			rows = results
		} else if !bare {
			rows = []any{doc["results"]}
		}
		for _, row := range rows {
			symbol := symbolOf(doc, row)
			if victim != "" && symbol != victim {
				continue
			}
			if endpoint == "aggs" && (f.path[0] == "t" || f.path[0] == "v") {
				d.lies.bars[symbol] = true // nobody can tell
			}
			put(row, f.path, value)
		}
	})
}

// symbolOf is the contract that a row is of.
func symbolOf(doc map[string]any, row any) string {
	r, _ := row.(map[string]any)
	details, _ := r["details"].(map[string]any)
	for _, of := range []map[string]any{details, r, doc} {
		if symbol, ok := of["ticker"].(string); ok {
			return symbol
		}
	}
	return ""
}

// put sets what a path of keys leads to.
func put(in any, path []string, value any) {
	for ; len(path) > 1; path = path[1:] {
		m, ok := in.(map[string]any)
		if !ok {
			return
		}
		in = m[path[0]]
	}
	if m, ok := in.(map[string]any); ok {
		m[path[0]] = value
	}
}

// spoilWords has the server say something that nothing speaks for.
func spoilWords(d *disorder) string {
	status := draw(d, "auth_failed", "auth_timeout", "auth_success", "connected", "error", "success", "max_connections", "not_authorized", "force_disconnect", "")
	message := draw(d, planText, maxText, "not authorized", "authentication failed", "subscribed to: A.*", "unsubscribed to: A.*", "You don't have access real-time data.", "")
	if w := d.server.last(); w != nil {
		w.say(status, message)
	}
	return fmt.Sprintf("%q: %q", status, message)
}
