package feed

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/massive"
	"optflow/feed/massive/api"
	"optflow/feed/massive/wiretest"
	"optflow/feed/sim"
	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/clock"
	"optflow/model/tape"
)

// What the proof of the sides must show: what is called sure is right, and is
// said of enough.
const (
	sidesSeeds    = 10
	sidesMinutes  = 9     // of market time a seed
	sidesSureLow  = 0.98  // least lower Wilson bound, 95 %, of what is sure
	sidesSureRows = 2_000 // least number of sure rows in all
	sidesSureOf   = 0.30  // least share of the premium looked up that is sure
)

// TestSidesAreRight runs the engine against simulated markets, over the real
// wire code in virtual time, and holds the side of every row against where each
// trade of its window stood to the NBBO that it met. REST's quotes are half a
// second late. It prints the table of docs/sides.md. OPTFLOW_SIDES_MINUTES sets
// the market minutes of each seed; with OPTFLOW_SIDES_TICKERS these are followed
// instead of all, and nothing is asked of the result.
func TestSidesAreRight(t *testing.T) {
	minutes, err := strconv.Atoi(os.Getenv("OPTFLOW_SIDES_MINUTES"))
	if raced && err != nil {
		t.Skip("how often a side is right is judged without the race detector")
	}
	seeds, full := sidesSeeds, err == nil || !testing.Short()
	if err != nil {
		minutes = sidesMinutes
	}
	follow := basis.Underlyings()
	if list := os.Getenv("OPTFLOW_SIDES_TICKERS"); list != "" {
		follow, full = strings.Split(list, ","), false
	} else if !full { // the same, but too little to prove anything
		seeds, minutes, follow = 1, 1, []string{"SPY", "AAPL"}
	}
	var mu sync.Mutex
	var all sideScore
	t.Run("seeds", func(t *testing.T) {
		for seed := range uint64(seeds) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				s := sidesOf(t, follow, seed+1, time.Duration(minutes)*time.Minute)
				mu.Lock()
				defer mu.Unlock()
				all.add(s)
			})
		}
	})
	t.Logf("%d seeds of %d minutes:\n%s", seeds, minutes, all.table())
	if !full {
		t.Skip("reported only")
	}
	right, rows := all.of(model.CertaintySure)
	if low := wilson(right, rows); low < sidesSureLow || rows < sidesSureRows {
		t.Errorf("sure is right on %d of %d rows, certainly on %.2f %%; at least %.0f %% of %d are promised", right, rows, low*100, sidesSureLow*100, sidesSureRows)
	}
	if share := all.surePremium / all.premium; !(share >= sidesSureOf) {
		t.Errorf("sure stands on %.1f %% of the premium looked up; at least %.0f %% are promised", share*100, sidesSureOf*100)
	}
	if minutes == sidesMinutes {
		all.holds(t, "../docs/sides.md")
	}
}

// raced tells that the race detector is on, under which time is dear.
var raced bool

// holds compares the document with this run, loosely: what is under way when is
// a matter of chance even in virtual time.
func (s *sideScore) holds(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	right, rows := s.of(model.CertaintySure)
	for _, figure := range []struct {
		line       string
		now, slack float64
	}{
		{`\| all \| (\d+), `, float64(rows), float64(rows) / 10},
		{`\| all \| \d+, ([\d.]+) % right`, 100 * float64(right) / float64(rows), 0.5},
		{`; ([\d.]+) % of their premium is sure`, 100 * s.surePremium / s.premium, 4},
	} {
		found := regexp.MustCompile(figure.line).FindSubmatch(text)
		if found == nil {
			t.Errorf("%s has no %s", path, figure.line)
			continue
		}
		if said, err := strconv.ParseFloat(string(found[1]), 64); err != nil || math.Abs(said-figure.now) > figure.slack {
			t.Errorf("%s says %s, this run %.1f", path, found[0], figure.now)
		}
	}
}

// spy is REST with a note of what was looked up.
type spy struct {
	*api.REST
	mu    sync.Mutex
	asked map[string]bool // symbol and end of the window
}

func (s *spy) Quotes(ctx context.Context, symbol string, before int64, limit int) (source.QuotePage, error) {
	s.mu.Lock()
	s.asked[fmt.Sprint(symbol, before)] = true
	s.mu.Unlock()
	return s.REST.Quotes(ctx, symbol, before, limit)
}

// sidesOf runs one seed and scores its rows.
func sidesOf(t *testing.T, follow []string, seed uint64, long time.Duration) (score sideScore) {
	synctest.Test(t, func(t *testing.T) {
		o := exchange.Options{Seed: seed, Keep: true}
		o.Start = model.MakeDate(2026, time.November, 23).At(9, 20).Add(time.Duration(seed) * 35 * time.Minute)
		market := exchange.NewMarket(o)
		server := sim.NewServer(market, sim.ServerOptions{Key: canary})
		listener := wiretest.NewPipes()
		serving, stopServer := context.WithCancel(context.Background())
		served := make(chan error, 1)
		go func() { served <- server.Serve(serving, listener) }()
		clock := clock.New()
		var simulated atomic.Bool
		rest, err := api.NewREST(api.RESTOptions{
			BaseURL: "http://" + restHost, Key: testKey(canary), HTTPClient: &http.Client{Transport: &http.Transport{DialContext: listener.Dial, DisableCompression: true}}, Now: clock.Now,
			OnDate:   func(server, wall time.Time) { clock.Set(server.UnixMilli(), wall) },
			OnServer: func(name string) { simulated.Store(simulated.Load() || name == massive.SimulatorServer) },
		})
		if err != nil {
			t.Fatal(err)
		}
		asked := &spy{REST: rest, asked: map[string]bool{}}
		tape := tape.New(tape.Options{KeepMillis: 24 * 3600_000, KeepRows: 1 << 22})
		engine := New(Options{
			Tape: tape, Clock: clock, REST: asked, Tickers: follow, Span: model.Second, AutoRefresh: true, Sim: simulated.Load,
			Stream: realtime(Endpoint{URL: "ws://" + streamHost + "/options", Key: testKey(canary), HTTPClient: &http.Client{Transport: &http.Transport{DialContext: listener.Dial, DisableKeepAlives: true}}}),
		})
		running, stop := context.WithCancel(context.Background())
		ran := make(chan error, 1)
		go func() { ran <- engine.Run(running) }()
		time.Sleep(long)
		stop()
		if err := <-ran; err != nil {
			t.Errorf("the engine ended with %v", err)
		}
		rest.Close()
		score = scored(tape, market, asked)
		stopServer()
		_ = listener.Close()
		if err := <-served; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		synctest.Wait()
	})
	return score
}

// stood is how much of a window's size stood where, by the truth.
type stood struct{ above, atAsk, nearAsk, middle, nearBid, atBid, below, all int64 }

// add takes a trade: the outer quarter of the quote is near, as docs/words.md#sides
// has it, and prices are compared in tenths of a cent.
func (s *stood) add(tr *exchange.Trade) {
	mills := func(v float64) int64 { return int64(math.Round(v * 1000)) }
	price, bid, ask := mills(tr.Price), mills(tr.Bid), mills(tr.Ask)
	s.all += tr.Size
	switch {
	case price > ask:
		s.above += tr.Size
	case price < bid:
		s.below += tr.Size
	case bid == ask:
		s.middle += tr.Size
	case price == ask:
		s.atAsk += tr.Size
	case price == bid:
		s.atBid += tr.Size
	case 4*(ask-price) <= ask-bid:
		s.nearAsk += tr.Size
	case 4*(price-bid) <= ask-bid:
		s.nearBid += tr.Size
	default:
		s.middle += tr.Size
	}
}

// right reports whether a letter holds for at least 70 % of the size: AA for
// what was above the ask, A for that and what was at it, a for these and the
// outer quarter; M where neither side holds so much.
func (s *stood) right(letter model.Side) bool {
	most := func(n int64) bool { return 10*n >= 7*s.all }
	switch letter {
	case model.SideAboveAsk:
		return most(s.above)
	case model.SideAsk:
		return most(s.above + s.atAsk)
	case model.SideNearAsk:
		return most(s.above + s.atAsk + s.nearAsk)
	case model.SideBelowBid:
		return most(s.below)
	case model.SideBid:
		return most(s.below + s.atBid)
	case model.SideNearBid:
		return most(s.below + s.atBid + s.nearBid)
	case model.SideMid:
		return !most(s.above+s.atAsk+s.nearAsk) && !most(s.below+s.atBid+s.nearBid)
	}
	return false
}

// letters are those of the table, in its order.
var letters = []model.Side{model.SideAboveAsk, model.SideAsk, model.SideNearAsk, model.SideMid, model.SideNearBid, model.SideBid, model.SideBelowBid}

// sideScore counts rows by letter and certainty.
type sideScore struct {
	rows, right [8][4]int
	could       [8][4]int // of the rows of a certainty, those on which that letter would be right
	unknown     int       // rows without a letter
	odd         int       // rows whose size is not that of their trades
	lookups     int
	premium     float64 // of the windows looked up
	surePremium float64
}

func (s *sideScore) add(o sideScore) {
	for l := range s.rows {
		for c := range s.rows[l] {
			s.rows[l][c] += o.rows[l][c]
			s.right[l][c] += o.right[l][c]
			s.could[l][c] += o.could[l][c]
		}
	}
	s.unknown += o.unknown
	s.odd += o.odd
	s.lookups += o.lookups
	s.premium += o.premium
	s.surePremium += o.surePremium
}

// of sums up a certainty.
func (s *sideScore) of(c model.Certainty) (right, rows int) {
	for _, l := range letters {
		right += s.right[l][c]
		rows += s.rows[l][c]
	}
	return right, rows
}

// chance is how often the same letters, dealt among the rows of a certainty at
// random, would be right.
func (s *sideScore) chance(c model.Certainty) float64 {
	_, rows := s.of(c)
	sum := 0.0
	for _, l := range letters {
		sum += float64(s.rows[l][c]) * float64(s.could[l][c]) / float64(rows)
	}
	return sum / float64(rows)
}

// scored compares the latest version of each row with the trades of its window.
func scored(tape *tape.Writer, market *exchange.Market, asked *spy) (score sideScore) {
	type key struct {
		symbol string
		start  int64
	}
	latest := map[model.Identity]model.Row{}
	symbols := map[string]bool{}
	for seq := tape.First(); seq < tape.Next(); seq++ {
		row, _ := tape.At(seq)
		latest[row.Identity()] = row
		symbols[tape.Contracts.At(row.Contract).Symbol] = true
	}
	truth := map[key]*stood{}
	for symbol := range symbols {
		for _, tr := range market.Trades(symbol) {
			if tr.Barred == 0 {
				continue
			}
			k := key{symbol, tr.Time / 1000 * 1000}
			if truth[k] == nil {
				truth[k] = new(stood)
			}
			truth[k].add(&tr)
		}
	}
	for _, row := range latest {
		if row.Kind != model.KindBar || row.Source != model.SourceWS {
			continue
		}
		k := key{tape.Contracts.At(row.Contract).Symbol, row.Start}
		w := truth[k]
		if w == nil || w.all != int64(row.Size) {
			score.odd++
			continue
		}
		if asked.asked[fmt.Sprint(k.symbol, row.End())] {
			score.lookups++
			score.premium += row.Premium
			if row.Certainty == model.CertaintySure {
				score.surePremium += row.Premium
			}
		}
		if row.Side == model.SideUnknown {
			score.unknown++
			continue
		}
		score.rows[row.Side][row.Certainty]++
		for _, l := range letters {
			if w.right(l) {
				score.could[l][row.Certainty]++
				if l == row.Side {
					score.right[l][row.Certainty]++
				}
			}
		}
	}
	return score
}

// table is what docs/sides.md shows.
func (s *sideScore) table() string {
	var b strings.Builder
	certainties := []model.Certainty{model.CertaintySure, model.CertaintyFair, model.CertaintyLoose}
	cells := func(name string, cell func(model.Certainty) string) {
		fmt.Fprintf(&b, "| %s |", name)
		for _, c := range certainties {
			fmt.Fprintf(&b, " %s |", cell(c))
		}
		b.WriteString("\n")
	}
	cells("letter", func(c model.Certainty) string { return [...]string{"", "`~`", "`?`", "sure"}[c] })
	b.WriteString("|---|---|---|---|\n")
	share := func(right, rows int) string {
		if rows == 0 {
			return "–"
		}
		return fmt.Sprintf("%d, %.1f %% right", rows, 100*float64(right)/float64(rows))
	}
	for _, l := range letters {
		cells(l.String(), func(c model.Certainty) string { return share(s.right[l][c], s.rows[l][c]) })
	}
	cells("all", func(c model.Certainty) string { return share(s.of(c)) })
	cells("at least (95 %)", func(c model.Certainty) string { return fmt.Sprintf("%.1f %%", 100*wilson(s.of(c))) })
	cells("by chance", func(c model.Certainty) string { return fmt.Sprintf("%.1f %%", 100*s.chance(c)) })
	fmt.Fprintf(&b, "\n%d windows of $100k and more were looked up; %.1f %% of their premium is sure. %d rows have no side, %d do not have their trades yet.\n",
		s.lookups, 100*s.surePremium/s.premium, s.unknown, s.odd)
	return b.String()
}

// wilson is the lower bound, 95 %, of a share of which so many were seen.
func wilson(right, rows int) float64 {
	if rows == 0 {
		return 0
	}
	const z = 1.96
	n, p := float64(rows), float64(right)/float64(rows)
	return (p + z*z/(2*n) - z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))) / (1 + z*z/n)
}
