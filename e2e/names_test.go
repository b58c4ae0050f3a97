//go:build unix

package e2e

import (
	"fmt"
	"strings"
	"testing"

	"optflow/model/ticker"
)

// Whatever way its tickers are written: class shares, an index that nobody
// knows, adjusted contracts and a mini come with rows, quotes' company of facts,
// and accounts that add up.
func TestNamesEndToEnd(t *testing.T) {
	t.Parallel()
	env := []string{"MASSIVE_API_KEY=" + canary}
	for _, tickers := range []string{"BRK.B,BF.B,SDS,T,UVXY,AAPL,RUI,VIX,XSP", "brkb BFB sds t uvxy aapl I:RUI $vix $XSP", "BRK/B;BF-B;SDS;T;UVXY;AAPL;i:rui;I:VIX;I:XSP"} {
		t.Run(tickers, func(t *testing.T) {
			t.Parallel()
			// One for each: a key has one connection, and they would take it from each other.
			s := startServer(t, "", "--key", canary, "--seed", "11", "--rate", "900", "--tickers", "brk-b,BFB,SDS,T,uvxy,AAPL,I:RUI,VIX,XSP")
			r := run(t, env, append([]string{"tail", "--format", "json", "--min-premium", "0", "--summary", "--for", "12s", "--tickers", tickers}, s.flags()...)...)
			if r.code != 0 || strings.Contains(r.stderr, "has no options") {
				t.Fatalf("exit code %d: %s", r.code, r.stderr)
			}
			rows := decodeRows(t, r.stdout)
			assertAccounts(t, rows, decodeSummary(t, r.stderr))
			type seen struct{ named, live, spots, interests int }
			underlyings := map[string]string{"BRKB": "BRK.B", "BFB": "BF.B", "SDS": "SDS", "SDS1": "SDS", "T": "T", "T1": "T", "UVXY": "UVXY", "UVXY1": "UVXY", "AAPL": "AAPL", "AAPL7": "AAPL", "RUI": "RUI", "VIX": "VIX", "VIXW": "VIX", "XSP": "XSP"}
			roots := map[string]*seen{}
			latest := map[string]tailRow{} // versions, by contract, span and start
			for _, row := range rows {
				root := row.Contract[2 : len(row.Contract)-15]
				if roots[root] == nil {
					roots[root] = &seen{}
				}
				at := roots[root]
				if want := underlyings[root]; row.Underlying == want {
					at.named++
				} else if at.named > 0 || ticker.Key(row.Underlying) != ticker.Key(want) { // until the vendor has said so it may be spelled as typed
					t.Fatalf("%s is said to be of %s", row.Contract, row.Underlying)
				}
				if row.Kind != "bar" {
					continue
				}
				at.live += one(row.Source == "ws")
				at.spots += one(row.Spot != nil)
				at.interests += one(row.OpenInterest != nil)
				latest[fmt.Sprint(row.Contract, row.Span, row.StartMS)] = row
			}
			for _, row := range latest {
				root := row.Contract[2 : len(row.Contract)-15]
				times := 100.0
				if root == "AAPL7" {
					times = 10
				}
				if row.Size == 0 {
					continue
				}
				if want := *row.Vwap * float64(row.Size) * times; *row.Premium < want*0.999-1 || *row.Premium > want*1.001+1 {
					t.Errorf("%s: %d at %v is %v, want %v", row.Contract, row.Size, *row.Vwap, *row.Premium, want)
				}
				if adjusted := root == "SDS1" || root == "T1" || root == "UVXY1"; row.Adjusted != adjusted {
					t.Errorf("%s is adjusted %t", row.Contract, row.Adjusted)
				}
			}
			for root := range underlyings {
				if at := roots[root]; at == nil || at.named == 0 || at.live == 0 || at.spots == 0 || at.interests == 0 {
					t.Errorf("%s: %+v", root, at)
				}
			}
		})
	}
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// A wrong name is refused by every way in which one can be given, with what may
// have been meant.
func TestWrongNamesAreRefused(t *testing.T) {
	t.Parallel()
	for word, meant := range map[string]string{".SPX": "did you mean SPX?", "..": "is no ticker", "^SPX": "did you mean SPX?", "O:SPY": "did you mean SPY?", "SPXW": "did you mean SPX?"} {
		for _, r := range []result{
			run(t, nil, "tail", "--tickers", "SPY,"+word),
			run(t, []string{"OPTFLOW_TICKERS=SPY " + word}, "tail"),
			run(t, nil, "sim", "--tickers", word),
		} {
			if r.code != 2 || !strings.Contains(r.stderr, meant) || !strings.Contains(r.stderr, `"`+word+`"`) {
				t.Errorf("%s: exit code %d: %s", word, r.code, r.stderr)
			}
		}
	}
}

// Adjusted contracts carry their sign on the screen, at the smallest size too.
func TestAdjustedContractsOnTheScreen(t *testing.T) {
	t.Parallel()
	s := startServer(t, "", "--seed", "12", "--rate", "900", "--tickers", "SDS,T,UVXY")
	x := start(t, 80, 24, []string{"MASSIVE_API_KEY=" + canary}, s.flags("--min-premium", "0", "--tickers", "SDS,T,UVXY", "--filter", "adjusted")...)
	x.await("rows of adjusted contracts", func(screen string) bool {
		return live(screen) && (strings.Contains(screen, "*C") || strings.Contains(screen, "*P"))
	})
	x.press(enter)
	x.await("what it delivers", func(screen string) bool { return strings.Contains(screen, "adjusted*") })
	x.press("q")
	x.press("q")
	x.awaitEnd(patience)
}
