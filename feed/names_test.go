package feed

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"optflow/feed/source"
	"optflow/model"
)

// vendor is a market whose underlyings have the vendor's names, which are not
// those that roots suggest.
type vendor struct {
	*market
	chains   map[string][]string // path of a chain: roots in it
	listings map[string][]string // name of a listing: likewise
	states   map[string]string   // root: underlying_asset.ticker; none where the vendor leaves it out
	shares   map[string]float64  // root: deliverable, 100 without
	more     map[string]bool     // roots with additional underlyings, which only listings state
	missing  error               // for paths that there are none of; nil: an empty page
	paths    *[]string           // asked for
}

func rootOf(symbol string) string { return symbol[2 : len(symbol)-15] }

// terms puts what the vendor says of a contract into its snapshot.
func (v vendor) terms(s model.Snapshot) model.Snapshot {
	root := rootOf(s.Symbol)
	name := v.states[root]
	s.Index = strings.HasPrefix(name, "I:")
	s.Underlying = strings.TrimPrefix(name, "I:")
	if shares, is := v.shares[root]; is {
		s.Shares = shares
	}
	return s
}

func (v vendor) Chain(_ context.Context, path string, _ source.ChainFilter) (source.ChainPage, error) {
	v.mu.Lock()
	*v.paths = append(*v.paths, path)
	v.mu.Unlock()
	if err := v.ask("chain"); err != nil {
		return source.ChainPage{}, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	roots, is := v.chains[path]
	if !is {
		return source.ChainPage{}, v.missing
	}
	var page source.ChainPage
	for _, symbol := range v.symbols {
		if slices.Contains(roots, rootOf(symbol)) {
			page.Snapshots = append(page.Snapshots, v.terms(v.snapshot(symbol)))
		}
	}
	return page, nil
}

func (v vendor) Contract(ctx context.Context, path, symbol string) (model.Snapshot, error) {
	if _, is := v.chains[path]; !is {
		return model.Snapshot{}, &source.Failure{Kind: source.ErrorNotFound, Status: 404, Message: "no such chain"}
	}
	s, err := v.market.Contract(ctx, path, symbol)
	if err == nil {
		s = v.terms(s)
	}
	return s, err
}

func (v vendor) Unified(ctx context.Context, symbols []string) ([]model.Snapshot, map[string]string, error) {
	found, missing, err := v.market.Unified(ctx, symbols)
	for i := range found {
		found[i] = v.terms(found[i])
	}
	return found, missing, err
}

func (v vendor) Contracts(_ context.Context, name string, _ source.ChainFilter) (source.ListingPage, error) {
	if err := v.ask("contracts"); err != nil {
		return source.ListingPage{}, err
	}
	var page source.ListingPage
	for _, symbol := range v.symbols {
		root := rootOf(symbol)
		if slices.Contains(v.listings[name], root) {
			shares := 100.0
			if n, is := v.shares[root]; is {
				shares = n
			}
			page.Listings = append(page.Listings, source.Listing{Symbol: symbol, Underlying: name, Shares: shares, More: v.more[root]})
		}
	}
	return page, nil
}

func newVendor(roots ...string) vendor {
	var symbols []string
	for _, root := range roots {
		symbols = append(symbols, chainSymbols(root, 8)...)
	}
	return vendor{market: newMarket(symbols...), chains: map[string][]string{}, listings: map[string][]string{}, states: map[string]string{}, paths: &[]string{}}
}

// accountsOf are the settled accounts of a run by root.
func accountsOf(r *rig) map[string]model.Account {
	sums := map[string]model.Account{}
	for _, a := range r.engine.Accounts() {
		root := r.tape.Contracts.At(a.Contract).Root
		sum := sums[root]
		sum.Day += a.Day
		sum.Past += a.Past
		sum.Exact += a.Exact
		sum.Gaps += a.Gaps
		sum.Premium += a.Premium
		sums[root] = sum
	}
	return sums
}

// Whichever way a class of shares or an index is written, and whatever the
// vendor calls its chain: its contracts are found, their bars become rows, and
// what the stream said is in the accounts.
func TestTickersUnderTheVendorsName(t *testing.T) {
	type vendorIs struct {
		name, root, path, listing, states string
		notFound                          bool
	}
	brk := vendorIs{name: "BRK.B", root: "BRKB", path: "BRK.B", listing: "BRK.B", states: "BRK.B"}
	brk404 := brk
	brk404.notFound = true
	silent := brk
	silent.states = ""
	plain := vendorIs{name: "BFB", root: "BFB", path: "BFB", listing: "BFB", states: "BFB"}
	rui := vendorIs{name: "RUI", root: "RUI", path: "I:RUI", listing: "RUI", states: "I:RUI"}
	rui404 := rui
	rui404.notFound = true
	bare := vendorIs{name: "MXEF", root: "MXEF", path: "MXEF", listing: "MXEF", states: "I:MXEF"}
	for _, tt := range []struct {
		is    vendorIs
		typed []string
	}{
		{brk, []string{"BRK.B", "BRKB", "BRK/B", "BRK-B", "brk.b"}},
		{brk404, []string{"BRK.B", "BRKB"}},
		{silent, []string{"BRK.B", "BRKB"}},
		{plain, []string{"BF.B", "BFB"}},
		{rui, []string{"RUI", "I:RUI"}},
		{rui404, []string{"RUI", "I:RUI"}},
		{bare, []string{"MXEF", "I:MXEF"}},
	} {
		for _, typed := range tt.typed {
			t.Run(fmt.Sprintf("%s as %s, 404 %t, states %q", tt.is.path, typed, tt.is.notFound, tt.is.states), func(t *testing.T) {
				inBubble(t, func(t *testing.T) {
					v := newVendor(tt.is.root, "SPY")
					v.chains[tt.is.path] = []string{tt.is.root}
					if tt.is.path == "MXEF" {
						v.chains["I:MXEF"] = v.chains["MXEF"] // it answers both, and says that it is an index
					}
					v.listings[tt.is.listing] = []string{tt.is.root}
					v.states[tt.is.root] = tt.is.states
					if tt.is.notFound {
						v.missing = &source.Failure{Kind: source.ErrorNotFound, Status: 404, Message: "not found"}
					}
					r := newRig(t, v.market, func(o *Options) { o.REST, o.Tickers = v, []string{typed} })
					r.live(time.Minute)
					s := r.await(time.Minute, "followed under the vendor's name", func(s *model.State) bool {
						return slices.Equal(s.Tickers, []string{tt.is.name}) && s.Contracts == 8 && s.Totals[0].Spot == 150
					})
					if slices.Contains(s.Known, "BRKB") && tt.is.name == "BRK.B" {
						t.Errorf("the guess is still offered: %q", s.Known)
					}
					time.Sleep(2 * time.Minute)
					asked := len(*v.paths)
					r.end()
					got := accountsOf(r)[tt.is.root]
					if got.Exact == 0 || got.Gaps != 0 || len(accountsOf(r)) != 1 {
						t.Errorf("accounts %+v", accountsOf(r))
					}
					rows := 0
					r.tape.Publish()
					for seq := range r.tape.Next() {
						row, _ := r.tape.At(seq)
						c := r.tape.Contracts.At(row.Contract)
						if rows++; c.Underlying != tt.is.name {
							t.Fatalf("a row of %s's", c.Underlying)
						}
					}
					if rows < 100 {
						t.Errorf("%d rows", rows)
					}
					// Found once, it is asked for there and nowhere else.
					for _, path := range (*v.paths)[min(3, asked):] {
						if path != tt.is.path && path != "I:"+tt.is.path {
							t.Errorf("asked for %q", *v.paths)
							break
						}
					}
				})
			})
		}
	}
}

// A contract whose root suggests one company and whose chain is another's
// belongs to the other: rows that were taken under the guess go there, nothing
// is in both.
func TestRootOfAnotherCompany(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v := newVendor("SPY", "SPY1", "ABC")
		v.chains["SPY"], v.chains["ABC"] = []string{"SPY"}, []string{"ABC", "SPY1"}
		v.states = map[string]string{"SPY": "SPY", "SPY1": "ABC", "ABC": "ABC"}
		r := newRig(t, v.market, func(o *Options) { o.REST, o.Tickers = v, []string{"SPY"} })
		r.live(time.Minute)
		time.Sleep(time.Minute) // quotes are asked for, and say whose the contracts are
		r.engine.face().Follow([]string{"SPY", "ABC"})
		time.Sleep(time.Minute)
		s := r.state()
		var volume [2]int64
		for i, total := range s.Totals {
			volume[i] = total.CallVolume + total.PutVolume
		}
		r.end()
		for root, a := range accountsOf(r) {
			if a.Exact == 0 || a.Gaps != 0 {
				t.Errorf("%s: %+v", root, a)
			}
		}
		got := accountsOf(r)
		if s.Tickers[0] != "ABC" || volume[1] > got["SPY"].Day || volume[1] < got["SPY"].Day*9/10 || volume[0] <= got["ABC"].Day {
			t.Errorf("of ABC %d, of SPY %d; accounts %+v", volume[0], volume[1], got)
		}
	})
}

// One answer that calls SPY's contracts another's, against their root and the
// chain in which they came, moves nothing.
func TestAWrongNameIsNotBelieved(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v := newVendor("SPY")
		v.chains["SPY"], v.states["SPY"] = []string{"SPY"}, "QQQ"
		r := newRig(t, v.market, func(o *Options) {
			o.REST, o.Tickers = v, []string{"SPY"}
			o.Floor = func(string) float64 { return 1e9 } // rows over it would be read more often than once
		})
		r.live(time.Minute)
		time.Sleep(time.Minute)
		if s := r.state(); !slices.Equal(s.Tickers, []string{"SPY"}) || s.Contracts != 8 || s.Totals[0].CallVolume == 0 {
			t.Errorf("state %+v", s)
		}
	})
}

// A root that is asked for as a ticker leads to the index that its chain is of.
func TestRootAskedForAsATicker(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v := newVendor("SPXW")
		v.chains["SPXW"], v.chains["SPX"] = []string{"SPXW"}, []string{"SPXW"}
		v.chains["I:SPX"] = v.chains["SPX"]
		v.states["SPXW"] = "I:SPX"
		r := newRig(t, v.market, func(o *Options) { o.REST, o.Tickers = v, []string{"SPXW"} })
		s := r.await(time.Minute, "followed", func(s *model.State) bool {
			return slices.Equal(s.Tickers, []string{"SPX"}) && s.Contracts == 8
		})
		if len(s.Notes) != 1 || !strings.Contains(s.Notes[0], "SPX, which is followed instead") {
			t.Errorf("notes %q", s.Notes)
		}
	})
}

// What a contract delivers changes no premium, unless it is a mini; that it
// delivers more than shares is learnt from the listing.
func TestPremiumOfAdjustedContracts(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v := newVendor("SPY", "SPY1", "SPY2", "SPY7", "QQQ7")
		v.chains["SPY"], v.chains["QQQ"] = []string{"SPY", "SPY1", "SPY2", "SPY7"}, []string{"QQQ7"}
		v.listings["SPY"], v.listings["QQQ"] = v.chains["SPY"], v.chains["QQQ"]
		v.states = map[string]string{"SPY": "SPY", "SPY1": "SPY", "SPY2": "SPY", "SPY7": "SPY", "QQQ7": "QQQ"}
		v.shares = map[string]float64{"SPY1": 20, "SPY2": 44, "SPY7": 10, "QQQ7": 10}
		v.more = map[string]bool{"SPY2": true, "QQQ7": true}
		r := newRig(t, v.market, func(o *Options) { o.REST, o.Tickers = v, []string{"SPY", "QQQ"} })
		r.live(time.Minute)
		time.Sleep(2 * time.Minute)
		r.end()
		r.tape.Publish()
		latest := map[model.Identity]model.Row{}
		for seq := range r.tape.Next() {
			if row, _ := r.tape.At(seq); row.Kind == model.KindBar {
				latest[row.Identity()] = row
			}
		}
		times := map[string]float64{"SPY": 100, "SPY1": 100, "SPY2": 100, "SPY7": 10, "QQQ7": 100}
		seen := map[string]int{}
		for _, row := range latest {
			root := r.tape.Contracts.At(row.Contract).Root
			seen[root]++
			if want := float64(row.Size) * v.price * times[root]; row.Premium != want {
				t.Fatalf("%s: %d at %v is worth %v, want %v", root, row.Size, v.price, row.Premium, want)
			}
		}
		for root, a := range accountsOf(r) {
			if want := float64(a.Day) * v.price * times[root]; a.Premium != want || seen[root] == 0 {
				t.Errorf("%s: the day is worth %v, want %v; %d rows", root, a.Premium, want, seen[root])
			}
		}
		for root, want := range map[string]string{"SPY": "false false", "SPY1": "true false", "SPY2": "true true", "SPY7": "false false", "QQQ7": "true true"} {
			id, _ := r.tape.Registry.Find([]byte(chainSymbols(root, 8)[5]))
			c := r.tape.Contracts.At(id)
			if got := fmt.Sprint(c.Adjusted(), " ", c.More); got != want {
				t.Errorf("%s: adjusted and more %s, want %s", root, got, want)
			}
		}
	})
}

// Typing a class of shares without its dot finds it.
func TestLookupTriesTheVendorsSpellings(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v := newVendor("BRKB", "RUI", "SPY")
		v.listings["BRK.B"], v.listings["RUI"] = []string{"BRKB"}, []string{"RUI"}
		v.chains["BRK.B"] = []string{"BRKB"}
		r := newRig(t, v.market, func(o *Options) { o.REST, o.AutoRefresh = v, false })
		for _, symbol := range []string{"BRKB", "brk/b", "BRK.B", "RUI", "I:RUI"} {
			if err := r.engine.face().Lookup(t.Context(), symbol); err != nil {
				t.Errorf("%s: %v", symbol, err)
			}
		}
		if err := r.engine.face().Lookup(t.Context(), "BRK.A"); err == nil {
			t.Error("BRK.A was found")
		}
		r.engine.face().Follow([]string{"BRKB"})
		s := r.await(time.Minute, "the vendor's spelling", func(s *model.State) bool { return slices.Equal(s.Tickers, []string{"BRK.B"}) })
		if slices.Contains(s.Known, "BRKB") || !slices.Contains(s.Known, "RUI") {
			t.Errorf("known %q", s.Known)
		}
	})
}

// Answers that state another underlying take no contract away from the ticker in
// whose chain it was found, and so no row comes twice.
func TestAnswersOfAnotherUnderlying(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 12)...)
		r := newRig(t, m, nil)
		r.live(time.Second)
		time.Sleep(time.Minute)
		m.set(func() { m.ofSnapshot = func(s *model.Snapshot) { s.Underlying = "QQQ" } })
		r.holds(3*time.Minute, "all contracts are SPY's", func(*model.State) bool { return r.tape.Contracts.At(0).Underlying == "SPY" })
		m.set(func() { m.ofSnapshot = nil })
		time.Sleep(time.Minute)
		m.set(func() { m.perSec = 0 })
		time.Sleep(2 * time.Minute)
		r.everyLot()
		r.checkAccounts()
		if n := m.count("unified"); n < 3 {
			t.Errorf("only %d lists were asked for", n)
		}
	})
}
