package daylog

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"optflow/bench/heap"
	"optflow/model"
	"optflow/model/book"
)

// inputs are a day of every sort, drawn from a seed.
func inputs(rng *rand.Rand, n int) []book.Input {
	names := []string{"O:SPY261218C00600000", "O:SPXW261218P06000000", "O:BRKB261218C00500000"}
	var all []book.Input
	for i, s := range names {
		all = append(all, &book.Contract{Symbol: s, Traded: i == 0, ID: model.ContractID(i)})
	}
	now := int64(1_795_448_486_000)
	price := func() float64 {
		switch rng.IntN(6) {
		case 0:
			return math.NaN()
		case 1:
			return rng.Float64() * 100 // more decimals than are packed
		case 2:
			return 0
		}
		return float64(rng.IntN(100_000)) / 100
	}
	id := func() model.ContractID { return model.ContractID(rng.IntN(len(names))) }
	request := func() book.GapRequest {
		return book.GapRequest{Contract: id(), Span: model.Second, From: now - 9000, To: now, Volume: rng.Int64N(100), Premium: price()}
	}
	bar := func() model.Bar {
		b := model.Bar{Contract: id(), Span: model.Second, Start: now - rng.Int64N(9)*1000, Volume: rng.Int64N(5000), Open: price(), High: price(), Low: price(), Close: price(), Vwap: price(), DayVwap: price(), AvgSize: price()}
		b.DayVolume = b.Volume + rng.Int64N(1_000_000)
		switch rng.IntN(12) {
		case 0:
			b.Span, b.DayVolume = model.Minute, -1
		case 1:
			b.Start += 137
		case 2:
			b.Start, b.Volume, b.DayVolume = -rng.Int64(), -rng.Int64(), math.MinInt64
		}
		return b
	}
	quote := func() model.Quote {
		return model.Quote{Bid: price(), Ask: price(), BidSize: price(), AskSize: price(), Updated: now - rng.Int64N(9000), Read: now}
	}
	for range n {
		switch now += rng.Int64N(700); rng.IntN(24) {
		case 0:
			all = append(all, &book.Contract{Symbol: "nonsense\x00\"", Err: errors.New("no contract")})
		case 1:
			all = append(all, &book.Shares{Contract: id(), Shares: price(), More: rng.IntN(2) == 0})
		case 2:
			all = append(all, &book.Learn{Root: "SPXW", Name: "SPX", Moved: true}, &book.Expect{Name: "BRK.B"})
		case 3:
			all = append(all, &book.Baseline{Ticker: "SPY", Read: now}, &book.Forget{Ticker: "QQQ"})
		case 4:
			all = append(all, &book.Lost{From: now - 5000, To: now, Reason: model.GapPaused, Clock: true})
		case 5:
			all = append(all, &book.Date{Date: model.Date(20_000 + rng.IntN(99))}, &book.Rewind{Now: now, Date: 20_001}, &book.Provisional{Alone: true})
		case 6:
			all = append(all, &book.Span{Span: model.Minute, From: now}, &book.Delay{Delay: 900_000, Delayed: true}, &book.Flags{Flags: model.FlagSim})
		case 7:
			all = append(all, &book.Tick{Now: now}, &book.Settle{})
		case 8:
			all = append(all, &book.Asked{Requests: []book.GapRequest{request(), request()}}, &book.Failed{Request: request()})
		case 9:
			all = append(all, &book.Filled{Request: request(), Bars: []model.Bar{bar(), bar()}, Whole: true})
		case 10:
			all = append(all, &book.History{Bars: []model.Bar{bar()}})
		case 11:
			all = append(all, &book.Sides{Contract: id(), Start: now, Span: model.Second, Quotes: []model.Quote{quote(), quote()}})
		case 12, 13, 14, 15:
			s := &model.Snapshot{
				Contract: id(), Read: now, Shares: 100, HasDay: rng.IntN(2) == 0, HasQuote: rng.IntN(2) == 0, SpotDelayed: rng.IntN(2) == 0, More: rng.IntN(2) == 0,
				LastTrade: price(), LastTradeTime: now - 1000, OpenInterest: price(), IV: price(), Delta: price(), Gamma: price(), Theta: price(), Vega: price(),
				Spot: price(), SpotUpdated: now - rng.Int64N(5000),
			}
			if s.HasDay {
				s.DayUpdated, s.DayVolume, s.DayVwap, s.DayOpen, s.DayHigh, s.DayLow, s.DayClose = now-500, rng.Int64N(1e6), price(), price(), price(), price(), price()
			}
			if s.HasQuote {
				s.Quote = quote()
			}
			all = append(all, &book.Snapshot{Snapshot: s, Mode: book.Mode(rng.IntN(4))})
		default:
			all = append(all, &book.Bar{Bar: bar()})
		}
	}
	return all
}

// answered gives the answer that the reader's book has to the naming of contracts.
func answered(numbers map[string]model.ContractID, in book.Input) {
	c, is := in.(*book.Contract)
	if !is {
		return
	}
	if strings.Contains(c.Symbol, "nonsense") {
		c.Err = errors.New("no contract")
		return
	}
	c.ID = numbers[c.Symbol]
}

// What was written down is read again to the bit: written down once more it is
// the same bytes.
func TestEveryInputComesBack(t *testing.T) {
	numbers := map[string]model.ContractID{"O:SPY261218C00600000": 0, "O:SPXW261218P06000000": 1, "O:BRKB261218C00500000": 2}
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var first, again Encoder
		all := inputs(rng, 200)
		for _, in := range all {
			first.Put(in)
		}
		var d Decoder
		n := 0
		err := d.Ops(first.Bytes(), Reader{Input: func(in book.Input) {
			answered(numbers, in)
			again.Put(in)
			n++
		}})
		if err != nil {
			t.Fatal(err)
		}
		if n != len(all) || !bytes.Equal(first.Bytes(), again.Bytes()) {
			t.Fatalf("%d inputs of %d, %d bytes of %d", n, len(all), again.Len(), first.Len())
		}
	})
}

// Each field of the packed inputs is read as it was written.
func TestPackedFields(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var e Encoder
	all := inputs(rng, 3000)
	for _, in := range all {
		e.Put(in)
	}
	var d Decoder
	numbers := map[string]model.ContractID{"O:SPXW261218P06000000": 1, "O:BRKB261218C00500000": 2}
	at := 0
	if err := d.Ops(e.Bytes(), Reader{Input: func(in book.Input) {
		answered(numbers, in)
		switch in := in.(type) {
		case *book.Bar:
			if want := all[at].(*book.Bar).Bar; spell(in.Bar) != spell(want) {
				t.Fatalf("%+v, want %+v", in.Bar, want)
			}
		case *book.Snapshot:
			if want := all[at].(*book.Snapshot); spell(*in.Snapshot) != spell(*want.Snapshot) || in.Mode != want.Mode {
				t.Fatalf("%+v, want %+v", *in.Snapshot, *want.Snapshot)
			}
		}
		at++
	}}); err != nil {
		t.Fatal(err)
	}
}

// Every type of input that a book knows has an op.
func TestEveryInputHasAnOp(t *testing.T) {
	source, err := os.ReadFile("../book/input.go")
	if err != nil {
		t.Fatal(err)
	}
	var written []byte
	for _, name := range []string{"rare.go", "encode.go"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		written = append(written, text...)
	}
	inputs := regexp.MustCompile(`func \(in \*(\w+)\) apply\(`).FindAllStringSubmatch(string(source), -1)
	if len(inputs) == 0 {
		t.Fatal("no inputs")
	}
	for _, m := range inputs {
		if !strings.Contains(string(written), "case *book."+m[1]+":") {
			t.Errorf("%s has no op", m[1])
		}
	}
}

// A number of another reader's book is used for the contracts of a log.
func TestContractsAreNumberedByTheReader(t *testing.T) {
	var e Encoder
	e.Put(&book.Contract{Symbol: "O:SPY261218C00600000", ID: 7})
	e.Put(&book.Bar{Bar: model.Bar{Contract: 7, Span: model.Second, Start: 1000, Volume: 1, DayVolume: 1}})
	var d Decoder
	var got model.ContractID
	if err := d.Ops(e.Bytes(), Reader{Input: func(in book.Input) {
		switch in := in.(type) {
		case *book.Contract:
			in.ID = 3
		case *book.Bar:
			got = in.Contract
		}
	}}); err != nil || got != 3 {
		t.Fatalf("contract %d, %v", got, err)
	}
	e.Reset()
	e.Put(&book.Bar{Bar: model.Bar{Contract: 8, Span: model.Second, Start: 1000, Volume: 1, DayVolume: 1}})
	if err := d.Ops(e.Bytes(), Reader{Input: func(book.Input) { t.Error("told of a contract that has no name") }}); !errors.Is(err, ErrUnnamed) {
		t.Fatal(err)
	}
}

func TestWhatIsNewerIsSkippedOrRefused(t *testing.T) {
	var e Encoder
	e.op(optional+3, []byte("later"))
	e.Put(&book.Tick{Now: 5})
	var d Decoder
	n := 0
	if err := d.Ops(e.Bytes(), Reader{Input: func(book.Input) { n++ }}); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	e.op(63, nil)
	if err := d.Ops(e.Bytes(), Reader{Input: func(book.Input) {}}); !errors.Is(err, ErrNewer) {
		t.Fatal(err)
	}
}

func TestBlocks(t *testing.T) {
	one := Block{First: 12, Ops: 3, Start: -4, Key: true, Raw: 5, Stored: []byte("abcde")}
	two := Block{First: 15, Codec: Zstd, Raw: 9, Stored: []byte("xy")}
	data := two.Append(one.Append(nil))
	got, size, err := Next(data)
	if err != nil || got.First != 12 || got.Ops != 3 || got.Start != -4 || !got.Key || got.Raw != 5 || string(got.Stored) != "abcde" {
		t.Fatalf("%+v, %v", got, err)
	}
	if got, rest, err := Next(data[size:]); err != nil || got.Codec != Zstd || got.First != 15 || size+rest != len(data) {
		t.Fatalf("%+v, %v", got, err)
	}
	for n := range size {
		if _, _, err := Next(data[:n]); !errors.Is(err, ErrTorn) {
			t.Fatalf("%d bytes: %v", n, err)
		}
	}
	for n := range size {
		bad := bytes.Clone(data)
		bad[n] ^= 0x10
		if b, _, err := Next(bad); err == nil {
			t.Fatalf("byte %d wrong: %+v", n, b)
		}
	}
}

// Whatever stands in a block, reading it ends, and takes memory by its size.
func FuzzOps(f *testing.F) {
	for seed := range uint64(4) {
		var e Encoder
		for _, in := range inputs(rand.New(rand.NewPCG(seed, 9)), 60) {
			e.Put(in)
		}
		f.Add(e.Bytes())
	}
	f.Fuzz(func(t *testing.T, ops []byte) {
		heap.Within(t, "ops", len(ops), 64, 1<<20, func() {
			var d Decoder
			_ = d.Ops(ops, Reader{Input: func(in book.Input) {
				if c, is := in.(*book.Contract); is {
					c.ID = 1
				}
			}})
		})
	})
}

func FuzzNext(f *testing.F) {
	b := Block{First: 1, Ops: 2, Raw: 3, Stored: []byte("abc")}
	f.Add(b.Append(nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		if b, size, err := Next(data); err == nil && !bytes.Equal(b.Append(nil), data[:size]) {
			t.Fatalf("%+v is not what was read", b)
		}
	})
}
