//go:build unix

package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// greedy is a server that logs in and acknowledges as it should, and then sends
// as fast as it can what costs a client the most.
type greedy struct {
	*httptest.Server
	frames []string // names of what it sends by turns, a second each
	pages  string   // name of what REST answers with
	random *rand.Rand
	next   atomic.Int64 // number of the next contract that nobody has heard of
	sent   atomic.Int64 // bytes
}

// newGreedy starts one.
func newGreedy(t testing.TB, seed uint64, frames []string, pages string) *greedy {
	t.Helper()
	g := &greedy{frames: frames, pages: pages, random: rand.New(rand.NewPCG(seed, 1))}
	ctx, stop := context.WithCancel(context.Background())
	var sessions sync.WaitGroup
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Server", "optflow-sim")
		if r.Header.Get("Upgrade") == "" {
			g.rest(w, r)
			return
		}
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		sessions.Go(func() { g.stream(ctx, conn) })
	}))
	t.Cleanup(func() {
		stop()
		sessions.Wait()
		g.Close()
	})
	return g
}

func (g *greedy) flags(args ...string) []string {
	return append([]string{"--ws-url", "ws" + strings.TrimPrefix(g.URL, "http"), "--rest-url", g.URL}, args...)
}

// symbol is the n-th contract of an underlying; there are a hundred million.
func symbol(underlying string, n int64) string {
	expiry := time.Now().AddDate(0, 1, int(n/90_000_000))
	return fmt.Sprintf("O:%s%sC%08d", underlying, expiry.Format("060102"), 1+n%90_000_000)
}

func status(word, message string) string {
	return fmt.Sprintf(`{"ev":"status","status":%q,"message":%q}`, word, message)
}

// stream logs a client in, then floods it.
func (g *greedy) stream(ctx context.Context, conn *websocket.Conn) {
	defer conn.CloseNow() //nolint:errcheck // it is over either way
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	conn.SetReadLimit(4 << 20)
	say := func(text string) error {
		g.sent.Add(int64(len(text)))
		return conn.Write(ctx, websocket.MessageText, []byte(text))
	}
	var flooding sync.WaitGroup
	defer flooding.Wait()
	if say("["+status("connected", "Connected Successfully")+"]") != nil {
		return
	}
	begun := false
	for {
		_, text, err := conn.Read(ctx)
		if err != nil {
			stop()
			return
		}
		var command struct{ Action, Params string }
		_ = json.Unmarshal(text, &command)
		switch command.Action {
		case "auth":
			err = say("[" + status("auth_success", "authenticated") + "]")
		case "subscribe":
			for pair := range strings.SplitSeq(command.Params, ",") {
				if err = say("[" + status("success", "subscribed to: "+pair) + "]"); err != nil {
					break
				}
			}
			if !begun {
				begun = true
				flooding.Go(func() {
					for turn := 0; ctx.Err() == nil; turn++ {
						make := floods[g.frames[turn%len(g.frames)]]
						for end := time.Now().Add(time.Second); time.Now().Before(end); {
							if say(make(g)) != nil {
								return
							}
						}
					}
				})
			}
		}
		if err != nil {
			return
		}
	}
}

// bar is one bar of a contract, this second's.
func bar(symbol string, n int64) string {
	start := time.Now().UnixMilli()/1000*1000 - n%600*1000
	return fmt.Sprintf(`{"ev":"A","sym":%q,"v":3,"av":%d,"vw":900.5,"o":900,"c":901,"h":901,"l":900,"a":900,"z":1,"s":%d,"e":%d}`, symbol, 3*(1+n), start, start+1000)
}

// filled repeats elements to a frame of about so many bytes.
func filled(size int, element func() string) string {
	var b strings.Builder
	b.WriteByte('[')
	for b.Len() < size {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.WriteString(element())
	}
	return b.String() + "]"
}

// everybody is a frame of bars in which by and by as many contracts trade as may,
// each once a second: so many lots of the n-th, and that many of it the day before
// the lap.
func (g *greedy) everybody(lots func(n int64) int64, day func(lots, lap int64) int64) string {
	const contracts = 60_000 // model.MaxTrading
	return filled(60<<10, func() string {
		k := g.next.Add(1) - 1
		n, lap := k%contracts, k/contracts
		if n == 0 {
			time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second)))
		}
		start := time.Now().UnixMilli() / 1000 * 1000
		name := symbol([]string{"SPY", "QQQ", "TSLA", "NVDA", "AAPL"}[n%5], n)
		v := lots(n)
		return fmt.Sprintf(`{"ev":"A","sym":%q,"v":%d,"av":%d,"vw":900.5,"o":900,"c":901,"h":901,"l":900,"a":900,"z":1,"s":%d,"e":%d}`, name, v, v+day(v, lap), start, start+1000)
	})
}

// three lots each, and a day that adds up.
func three(int64) int64           { return 3 }
func whole(lots, lap int64) int64 { return lots * lap }

// floods are what may be sent, by name.
var floods = map[string]func(g *greedy) string{
	"bars": func(g *greedy) string {
		return filled(4<<10, func() string { n := g.next.Add(1); return bar(symbol("SPY", n%5000), n/5000) })
	},
	"big frames of bars": func(g *greedy) string {
		return filled(900<<10, func() string { n := g.next.Add(1); return bar(symbol("SPY", n%5000), n/5000) })
	},
	"new contracts": func(g *greedy) string {
		return filled(60<<10, func() string { return bar(symbol("SPY", g.next.Add(1)), 0) })
	},
	"new contracts of all tickers": func(g *greedy) string {
		return filled(60<<10, func() string {
			n := g.next.Add(1)
			return bar(symbol([]string{"SPY", "QQQ", "TSLA", "NVDA", "AAPL"}[n%5], n), 0)
		})
	},
	"new roots": func(g *greedy) string {
		return filled(60<<10, func() string { return bar(symbol(fmt.Sprintf("A%05d", g.next.Add(1)%100_000), 0), 0) })
	},
	"bars of all contracts": func(g *greedy) string { return g.everybody(three, whole) },
	"bars of all contracts and volume missing": func(g *greedy) string {
		return g.everybody(three, func(lots, lap int64) int64 { return lots*lap + lap/3*1000 })
	},
	"large trades of all contracts": func(g *greedy) string { // every other one as large as its neighbours
		return g.everybody(func(n int64) int64 { return 60 + n%2*n }, whole)
	},
	"one bar a frame": func(g *greedy) string { n := g.next.Add(1); return "[" + bar(symbol("SPY", n%5000), n/5000) + "]" },
	"statuses":        func(*greedy) string { return filled(60<<10, func() string { return status("strange", "words") }) },
	"acknowledgements": func(*greedy) string {
		return "[" + status("success", "subscribed to: "+strings.Repeat("A.*,", 15<<10)) + "]"
	},
	"one giant status": func(*greedy) string { return "[" + status("x", strings.Repeat("status", 1200<<10)) + "]" },
	"one acknowledgement": func(*greedy) string {
		return "[" + status("success", "subscribed to: "+strings.Repeat(",", 900<<10)) + "]"
	},
	"nothing":  func(*greedy) string { return filled(900<<10, func() string { return "{}" }) },
	"numbers":  func(*greedy) string { return filled(900<<10, func() string { return "1" }) },
	"escapes":  func(*greedy) string { return "[" + status("x", "") + `,"` + strings.Repeat(`\\u0041`, 100<<10) + `"]` },
	"not JSON": func(*greedy) string { return strings.Repeat("[", 900<<10) },
	"bars that are no bars": func(*greedy) string {
		return filled(60<<10, func() string { return `{"ev":"A","sym":"O:SPY","v":{}}` })
	},
}

// rest answers as the vendor does, or with the pages asked for.
func (g *greedy) rest(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	path := r.URL.Path
	answer := func(rows, next string) {
		text := `{"status":"OK","request_id":"x","results":[` + rows + `]`
		if next != "" {
			text += `,"next_url":"http://` + r.Host + path + "?cursor=" + next + `"`
		}
		_, _ = fmt.Fprint(w, text+"}")
	}
	row := func(symbol string) string {
		return `{"details":{"ticker":"` + symbol + `","shares_per_contract":100},"day":{"volume":7,"vwap":900,"close":900,"high":900,"low":900,"open":900},"last_quote":{"bid":1,"ask":2},"open_interest":5,"underlying_asset":{"price":500}}`
	}
	list := func(n int, symbolOf func(i int) string) string {
		all := make([]string, n)
		for i := range all {
			all[i] = row(symbolOf(i))
		}
		return strings.Join(all, ",")
	}
	switch {
	case path == "/v1/marketstatus/now":
		_, _ = fmt.Fprintf(w, `{"market":"open","serverTime":%q,"exchanges":{"nyse":"open"}}`, time.Now().Format(time.RFC3339))
	case path == "/v1/marketstatus/upcoming":
		_, _ = fmt.Fprint(w, "[]")
	case g.pages == "new contracts", g.pages == "too many rows" && strings.HasPrefix(path, "/v3/snapshot/options/"):
		ticker := strings.Split(strings.TrimPrefix(path, "/v3/snapshot/options/"), "/")[0]
		n := 250
		if g.pages == "too many rows" {
			n = 100_000
		}
		base := g.next.Add(int64(n))
		answer(list(n, func(i int) string { return symbol(ticker, base+int64(i)) }), fmt.Sprint(base))
	case g.pages == "tiny elements", g.pages == "zeros":
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed[g.pages]())
	case g.pages == "bars" && strings.HasPrefix(path, "/v2/aggs"):
		answer(strings.TrimSuffix(strings.Repeat(`{"o":1,"h":1,"l":1,"c":1,"v":4,"vw":1,"t":1765809000000},`, 200_000), ","), fmt.Sprint(g.next.Add(1)))
	default:
		ticker := strings.Split(strings.TrimPrefix(path, "/v3/snapshot/options/"), "/")[0]
		answer(list(50, func(i int) string { return symbol(ticker, int64(i)) }), "")
	}
}

// packed are gzip answers far larger than what goes over the wire.
var packed = map[string]func() []byte{
	"tiny elements": sync.OnceValue(func() []byte { return pack(`{"status":"OK","request_id":"x","results":[{}`, ",{}", 10_000_000, "]}") }),
	"zeros":         sync.OnceValue(func() []byte { return pack(`{"status":"`, strings.Repeat("0", 1<<10), 100_000, `"}`) }),
}

func pack(before, middle string, n int, after string) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	_, _ = z.Write([]byte(before))
	many := bytes.Repeat([]byte(middle), 1000)
	for range n / 1000 {
		_, _ = z.Write(many)
	}
	_, _ = z.Write([]byte(after))
	_ = z.Close()
	return b.Bytes()
}

// drawGreedy chooses by seed what a server sends.
func drawGreedy(seed uint64) (frames []string, pages string) {
	r := rand.New(rand.NewPCG(seed, 2))
	var all []string
	for name := range floods {
		all = append(all, name)
	}
	slices.Sort(all)
	for range 4 {
		frames = append(frames, all[r.IntN(len(all))])
	}
	return frames, []string{"", "new contracts", "too many rows", "tiny elements", "zeros", "bars"}[r.IntN(6)]
}
