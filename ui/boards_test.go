package ui

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/market"
	"optflow/model/tape"
	"optflow/ui/boards"
	"optflow/ui/page"
)

// beside are two screens on one tape: one joins its own bursts, the other looks at
// a board.
type beside struct {
	tape     *tape.Writer
	market   market.Market
	boards   *boards.Boards
	own, its *Model
	now      int64
}

func openBeside(t testing.TB, ctx context.Context, maxRows int) *beside {
	b := &beside{tape: tape.New(tape.Options{KeepRows: 1}), now: fixtureNow}
	b.market = market.Open{Tape: &b.tape.Tape, Time: b}
	b.boards = boards.New(b.market, maxRows)
	b.tape.SetState(fixtureState())
	open := func(shared *boards.Boards) *Model {
		m, err := New(ctx, Options{
			Market: b.market, Interval: burst.Interval10s, Tickers: []string{"NVDA", "QQQ", "SPY"}, MaxRows: maxRows, Boards: shared,
			Still: true, // which rows have just come depends on when each began to look
		})
		if err != nil {
			t.Fatal(err)
		}
		m.away.Key(true)
		m.Update(tea.WindowSizeMsg{Width: 160, Height: 40})
		return m
	}
	b.own, b.its = open(nil), open(b.boards)
	return b
}

// Now is the market's time.
func (b *beside) Now() int64 { return b.now }

// each does something with both screens.
func (b *beside) each(do func(*Model)) {
	do(b.own)
	do(b.its)
}

// key presses a key on both; what it asks for is not waited for.
func (b *beside) key(names ...string) {
	for _, name := range names {
		b.each(func(m *Model) { m.Update(press(name)) })
	}
}

// frame has both see what is on the tape.
func (b *beside) frame() {
	time.Sleep(250 * time.Millisecond)
	b.each(func(m *Model) {
		m.Update(page.FrameMsg{})
		m.tape.Title.Drawn = ""
		m.details.Stale, m.dirty = true, true
	})
}

// alike is how the screens differ, "" not at all.
func (b *beside) alike() string {
	if b.own.tape.Table.Frozen { // of what left the tape meanwhile the handle may be another row's
		return ""
	}
	lines := func(m *Model) []string { return strings.Split(m.View().Content, "\n") }
	if diff := cmp.Diff(lines(b.own), lines(b.its)); diff != "" {
		return diff
	}
	rows := func(m *Model) (out []string) {
		for _, r := range m.tape.Table.Rows() {
			out = append(out, fmt.Sprintf("%+v", r.Row))
		}
		return out
	}
	return cmp.Diff(rows(b.own), rows(b.its))
}

// trades appends windows of few contracts: new ones, late ones, other versions of
// earlier ones, gaps that open and close.
func (b *beside) trades(r *rand.Rand, symbols []model.ContractID, last map[model.Identity]uint64) {
	for range 1 + r.IntN(60) {
		tr := picture[r.IntN(len(picture))]
		row := tr.tapeRow(&testing.T{}, b.tape)
		row.Contract = pick(r, symbols)
		row.Start = (b.now/1000 - int64(pick(r, []int{0, 0, 0, 1, 2, 7, 30, 200, 1200}))) * 1000
		row.Size = uint32(pick(r, []int{1, 40, 200, 900, 3000}))
		row.Premium = float64(row.Size) * float64(row.Vwap) * 100
		row.Side = model.Side(r.IntN(8))
		switch r.IntN(10) {
		case 0:
			row.Kind, row.Span, row.Reason = model.KindGap, 5000, model.GapLost
			row.Contract = symbols[0] // of lines that end together which stands first is anybody's guess
			row.Size = uint32(r.IntN(4)) * 10
		case 1:
			if row.Size == 1 { // it is taken away
				row.Size, row.Premium = 0, 0
			}
		}
		if seq, was := last[row.Identity()]; was {
			row.Replaces = uint32(b.tape.Next() - seq) // never 0 here: it is another row
			row.Revision++
		}
		last[row.Identity()] = b.tape.Append(row)
	}
	b.tape.Publish()
}

// Whatever comes and whatever is pressed, a screen on a board shows what one with
// bursts of its own shows: rows, order, marks, corrections, what was trimmed, and
// the details.
func TestBoardShowsTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		held := rapid.SampledFrom([]int{5, 40, 1000}).Draw(rt, "held")
		steps := rapid.SliceOfN(rapid.Uint64(), 1, 25).Draw(rt, "steps")
		var diff string
		synctest.Test(t, func(t *testing.T) { diff = playBeside(t, held, steps) })
		if diff != "" {
			rt.Fatalf("the screen of its own (-) and that on a board (+):\n%s", diff)
		}
	})
}

// playBeside plays steps, each of them a seed, and tells how the screens differ.
func playBeside(t *testing.T, held int, steps []uint64) (diff string) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b := openBeside(t, ctx, held)
	defer b.each(func(m *Model) { m.pull.Leave() })
	var symbols []model.ContractID
	for i := range 12 {
		id, err := b.tape.Registry.Intern(fmt.Sprintf("O:%s261218C%08d", [...]string{"SPY", "QQQ", "NVDA"}[i%3], 100_000+i*5000))
		if err != nil {
			t.Fatal(err)
		}
		symbols = append(symbols, id)
	}
	last := map[model.Identity]uint64{}
	var did []string
	for _, seed := range steps {
		r := rand.New(rand.NewPCG(seed, 1))
		switch step := r.IntN(20); {
		case step < 9:
			did = append(did, "trades")
			b.trades(r, symbols, last)
		case step < 11:
			did = append(did, "time")
			b.now += int64(pick(r, []int{1, 5, 20, 300, 1000})) * 1000
		case step == 11: // time for several views between two frames
			did = append(did, "much")
			b.trades(r, symbols, last)
			time.Sleep(time.Second)
			b.trades(r, symbols, last)
			time.Sleep(time.Second)
			b.trades(r, symbols, last)
		default:
			ks := pick(r, [][]string{
				{"j"}, {"j", "j", "j"}, {"G"}, {"g"}, {"space"}, {"i"}, {"c"}, {"F"}, {"1"}, {"2"}, {"3"}, {"w"}, {"enter"}, {"esc"}, {"l", "s"}, {"]"},
				{"/", "p", "u", "t", "s", "enter"}, {":", "f", "l", "o", "o", "r", "space", "0", "enter"}, {":", "f", "l", "o", "o", "r", "space", "2", "0", "0", "k", "enter"},
				{"S", "g"}, {"f"}, {"x"}, {"u"},
			})
			if ks[0] == ":" && ks[7] == "0" == (b.own.Rules.Floor == 0) {
				continue // its own would be joined anew for nothing, which a board is not
			}
			did = append(did, strings.Join(ks, " "))
			b.key(ks...)
		}
		b.frame()
		if diff = b.alike(); diff != "" {
			return strings.Join(did, ", ") + "\n" + diff
		}
	}
	return ""
}

func pick[A any](r *rand.Rand, of []A) A { return of[r.IntN(len(of))] }
