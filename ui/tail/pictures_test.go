package tail

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"optflow/model"
	"optflow/model/market"
)

// desk is a seat of which only the accounts are asked.
type desk struct {
	market.Seat
	accounts []model.Account
	asked    int
	err      error
}

func (d *desk) Observe(_ context.Context, into []model.Account, _ ...model.ContractID) ([]model.Account, error) {
	d.asked++
	return append(into[:0], d.accounts...), d.err
}

func (d *desk) Leave() {}

func (d *desk) Read(uint64, uint64) {}

// dayAccount is a contract's day of which all is known; lesser ones know less.
func dayAccount(id model.ContractID, day int64, premium float64) model.Account {
	nan := model.Unknown
	return model.Account{
		Contract: id, Date: model.TradingDate(sampleStart), Day: day, Past: 4, Exact: day - 4, Premium: premium, DayVwap: premium / float64(day) / 100,
		DayOpen: nan, DayHigh: nan, DayLow: nan, DayClose: nan, OpenInterest: nan, IV: nan, Delta: nan, Gamma: nan, Theta: nan, Vega: nan,
	}
}

// theDay is a market whose day is read: two tickers, three contracts.
func (m *handmade) theDay() *desk {
	known := dayAccount(m.contract(nvda), 3104, 1_403_008)
	known.DayOpen, known.DayHigh, known.DayLow, known.DayClose = 4.2, 5.1, 4.05, 4.85
	known.OpenInterest, known.IV, known.Delta, known.Gamma, known.Theta, known.Vega = 1840, 0.41, 0.48, 0.011, -0.083, 0.212
	known.Quote = model.Quote{Bid: 4.75, Ask: 4.85, Updated: sampleStart - 800, Read: sampleStart}
	known.Last, known.Windows = sampleStart+1000, 31
	known.Gaps, known.Exact = 12, known.Exact-12
	unpriced := dayAccount(m.contract("O:NVDA261218P00180000"), 40, 0)
	unpriced.DayVwap = model.Unknown
	spy := dayAccount(m.contract("O:SPY261218P00650000"), 100, 50_000)
	m.tape.SetState(&model.State{
		Tickers: []string{"NVDA", "SPY"}, Sim: true, Newest: sampleStart + 1000,
		Totals: []model.Totals{
			{Underlying: "NVDA", Whole: true, Spot: 178.21, CallPremium: 48.2e6, PutPremium: 21e6, CallVolume: 60_000, PutVolume: 30_000, Bull: 20.4e6, Bear: 10.8e6, Premium: 76e6, Since: sampleStart - 60_000, JointSince: sampleStart, Joint: 3e6, Minutes: []float64{1000, 2000}, Partial: 2},
			{Underlying: "SPY", Whole: true, Spot: model.Unknown, PutVolume: 100, PutPremium: 50_000, Joint: 1e6, JointSince: sampleStart},
		},
	})
	m.tape.Publish()
	return &desk{accounts: []model.Account{unpriced, spy, known}}
}

// pictures prints a view of a day.
func (m *handmade) pictures(ctx context.Context, d *desk, o Options) (string, error) {
	var out bytes.Buffer
	o.Market, o.Out = market.Open{Tape: &m.tape.Tape, Sit: func() market.Seat { return d }}, &out
	err := Run(ctx, o)
	return out.String(), err
}

// TestPictures holds every key and every word of a picture of each view.
func TestPictures(t *testing.T) {
	for _, c := range []struct {
		view View
		json []string
		text []string
	}{
		{Contracts, []string{
			`{"v":1,"kind":"contract","at":"2026-11-23T10:41:27-05:00","at_ms":1795448487000,"contract":"O:NVDA261218C00180000","underlying":"NVDA","expiry":"2026-12-18","dte":25,"type":"call","strike":180,` +
				`"day_volume":3104,"premium":1403008,"past":4,"exact":3088,"polled":0,"pending":0,"gaps":12,"windows":31,"open":4.2,"high":5.1,"low":4.05,"last":4.85,"vwap":4.52,"traded_ms":1795448487000,` +
				`"spot":178.21,"otm":0.010044,"open_interest":1840,"volume_over_oi":1.687,"iv":0.41,"delta":0.48,"gamma":0.011,"theta":-0.083,"vega":0.212,"bid":4.75,"ask":4.85,"quote_ms":1795448485200,"unusual":true,"whole":true,"delayed":false,"sim":true}`,
			`{"v":1,"kind":"contract","at":"2026-11-23T10:41:27-05:00","at_ms":1795448487000,"contract":"O:SPY261218P00650000","underlying":"SPY","expiry":"2026-12-18","dte":25,"type":"put","strike":650,` +
				`"day_volume":100,"premium":50000,"past":4,"exact":96,"polled":0,"pending":0,"gaps":0,"windows":0,"vwap":5,"whole":true,"delayed":false,"sim":true}`,
			`{"v":1,"kind":"contract","at":"2026-11-23T10:41:27-05:00","at_ms":1795448487000,"contract":"O:NVDA261218P00180000","underlying":"NVDA","expiry":"2026-12-18","dte":25,"type":"put","strike":180,` +
				`"day_volume":40,"past":4,"exact":36,"polled":0,"pending":0,"gaps":0,"windows":0,"spot":178.21,"otm":-0.010044,"whole":true,"delayed":false,"sim":true}`,
		}, []string{
			"SIM 10:41:27 NVDA 180 call, expires 18 Dec 2026 in 25 days: premium $1.40 million on 3,104 contracts, 12 of them missing, last price 4.85, open interest 1,840, volume 1.7 times open interest, unusual, 1% out of the money, implied volatility 41%, delta 0.48, bid 4.75, ask 4.85, last traded 10:41:27",
			"SIM 10:41:27 SPY 650 put, expires 18 Dec 2026 in 25 days: premium $50,000 on 100 contracts",
			"SIM 10:41:27 NVDA 180 put, expires 18 Dec 2026 in 25 days: premium not known on 40 contracts, 1% in the money",
		}},
		{Tickers, []string{
			`{"v":1,"kind":"ticker","at":"2026-11-23T10:41:27-05:00","at_ms":1795448487000,"underlying":"NVDA","spot":178.21,"call_premium":48200000,"put_premium":21000000,"premium":69200000,"put_call_premium":0.4357,` +
				`"call_volume":60000,"put_volume":30000,"volume":90000,"put_call_volume":0.5,"bull_bear":9600000,"bull_bear_on":0.4105,"since_ms":1795448426000,"tape_share":0.75,"tape_since_ms":1795448486000,"last_hour":3000,"partial_minutes":1,"whole":true,"delayed":false,"sim":true}`,
			`{"v":1,"kind":"ticker","at":"2026-11-23T10:41:27-05:00","at_ms":1795448487000,"underlying":"SPY","call_premium":0,"put_premium":50000,"premium":50000,` +
				`"call_volume":0,"put_volume":100,"volume":100,"tape_share":0.25,"tape_since_ms":1795448486000,"whole":true,"delayed":false,"sim":true}`,
		}, []string{
			"SIM 10:41:27 NVDA: calls $48.2 million on 60,000 contracts, puts $21.0 million on 30,000 contracts, puts over calls 0.44 by premium, 0.5 by volume, bull minus bear plus $9.60 million on 41% of premium since 10:40:26, 75% of the tape, spot 178.21",
			"SIM 10:41:27 SPY: calls $0 on 0 contracts, puts $50,000 on 100 contracts, 25% of the tape",
		}},
		{Heat, []string{
			`{"v":1,"kind":"cell","at":"2026-11-23T10:41:27-05:00","at_ms":1795448487000,"underlying":"NVDA","expiry":"2026-12-18","dte":25,"strike":180,"call_premium":1403008,"premium":1403008,"call_volume":3104,"put_volume":40,"contracts":2,"whole":true,"delayed":false,"sim":true}`,
			`{"v":1,"kind":"cell","at":"2026-11-23T10:41:27-05:00","at_ms":1795448487000,"underlying":"SPY","expiry":"2026-12-18","dte":25,"strike":650,"call_premium":0,"put_premium":50000,"premium":50000,"call_volume":0,"put_volume":100,"contracts":1,"whole":true,"delayed":false,"sim":true}`,
		}, []string{
			"SIM 10:41:27 NVDA 180, expires 18 Dec 2026 in 25 days: calls $1.40 million on 3,104 contracts, puts not known on 40 contracts",
			"SIM 10:41:27 SPY 650, expires 18 Dec 2026 in 25 days: puts $50,000 on 100 contracts",
		}},
	} {
		for format, want := range map[Format][]string{JSON: c.json, Text: c.text} {
			m := newHandmade(t)
			got, err := m.pictures(t.Context(), m.theDay(), Options{View: c.view, Format: format})
			if err != nil || got != strings.Join(want, "\n")+"\n" {
				t.Errorf("%s as %s (%v):\n%swant\n%s", c.view, format, err, got, strings.Join(want, "\n"))
			}
		}
		m := newHandmade(t)
		out, err := m.pictures(t.Context(), m.theDay(), Options{View: c.view, Format: CSV})
		table, bad := csv.NewReader(strings.NewReader(out)).ReadAll()
		if err != nil || bad != nil || len(table) != len(c.json)+1 {
			t.Fatalf("%s: %v %v %s", c.view, err, bad, out)
		}
		var first map[string]any
		if err := json.Unmarshal([]byte(c.json[0]), &first); err != nil {
			t.Fatal(err)
		}
		for i, name := range table[0] {
			if _, known := first[name]; known != (table[1][i] != "") {
				t.Errorf("%s: %s is %q in the CSV, known in the JSON: %v", c.view, name, table[1][i], known)
			}
		}
	}
}

// TestPicturesWait: one picture once the day is read whole; at the end of the time
// what there is, which is said; with an interval one each.
func TestPicturesWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newHandmade(t)
		d := m.theDay()
		whole := *m.tape.State()
		part := whole
		part.Totals = append([]model.Totals(nil), whole.Totals...)
		part.Totals[1].Whole = false
		m.tape.SetState(&part)
		m.tape.Publish()

		var log bytes.Buffer
		out, err := m.pictures(t.Context(), d, Options{View: Tickers, Format: JSON, For: time.Minute, Log: &log})
		if err != nil || strings.Count(out, "\n") != 2 || !strings.Contains(out, `"whole":false`) || !strings.Contains(log.String(), "not read whole yet") {
			t.Errorf("%v: %s%s", err, out, &log)
		}
		began := time.Now()
		go func() {
			time.Sleep(7 * time.Second)
			m.tape.SetState(&whole)
			m.tape.Publish()
		}()
		out, err = m.pictures(t.Context(), d, Options{View: Contracts, Format: JSON, Count: 2})
		if took := time.Since(began); err != nil || strings.Count(out, "\n") != 2 || took != 7*time.Second {
			t.Errorf("after %v, %v: %s", took, err, out)
		}
		d.asked = 0
		out, err = m.pictures(t.Context(), d, Options{View: Contracts, Format: JSON, Count: 1, Every: 10 * time.Second, For: 35 * time.Second})
		if err != nil || strings.Count(out, "\n") != 4 || d.asked != 4 {
			t.Errorf("%d readings, %v: %s", d.asked, err, out)
		}
		part.Plan = model.Plan{Known: true, NoSnapshots: true}
		part.Tickers = []string{"NVDA", "SPY", "QQQ"}
		m.tape.SetState(&part)
		m.tape.Publish()
		if out, err = m.pictures(t.Context(), d, Options{View: Heat}); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "no snapshots") || out != "" {
			t.Errorf("a plan without snapshots: %v: %s", err, out)
		}
		d.err = errors.New("no more")
		if _, err = m.pictures(t.Context(), d, Options{View: Heat, For: time.Second}); err == nil || errors.Is(err, ErrRefused) {
			t.Errorf("accounts that cannot be read: %v", err)
		}
	})
}

// TestPictureKeysAreDocumented: whoever reads a picture finds each of its keys
// explained.
func TestPictureKeysAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/tail.md")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	names = append(names, namesOf(contractColumns)...)
	names = append(names, namesOf(tickerColumns)...)
	for _, name := range append(names, namesOf(cellColumns)...) {
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("docs/tail.md does not say what %q is", name)
		}
	}
}

func namesOf[T any](columns []column[T]) (out []string) {
	for i := range columns {
		out = append(out, columns[i].name)
	}
	return out
}
