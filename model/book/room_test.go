package book

import (
	"errors"
	"fmt"
	"testing"

	"optflow/model"
	"optflow/model/tape"
)

// So many contracts trade as may. What is left out is counted to the lot, the
// others go on, and another date or a ticker that goes makes room again.
func TestTradingContractsAreBounded(t *testing.T) {
	tape := tape.New(tape.Options{MaxRows: 4 * tape.ChunkRows})
	b := New(tape, Options{})
	symbol := func(root string, n int) string { return fmt.Sprintf("O:%s261218C%08d", root, n+1) }
	trade := func(id model.ContractID, at int64) bool {
		in := Bar{Bar: model.Bar{Contract: id, Span: model.Second, Start: at, Volume: 3, DayVolume: -1, Open: 1, High: 1, Low: 1, Close: 1, Vwap: 1}}
		b.Apply(&in)
		return !in.NoRoom
	}
	for i := range model.MaxTrading {
		id, err := tape.Registry.InternTraded(symbol([]string{"SPY", "QQQ"}[i%2], i))
		if err != nil || !trade(id, marketOpen) {
			t.Fatalf("number %d: %v", i, err)
		}
		tape.Publish()
	}
	listed, err := tape.Registry.Intern(symbol("SPY", model.MaxTrading))
	if err != nil {
		t.Fatal(err)
	}
	if trade(listed, marketOpen+1000) || trade(listed, marketOpen+2000) {
		t.Error("one more traded")
	}
	b.Apply(&Snapshot{&model.Snapshot{Contract: listed, HasDay: true, DayVolume: 9, DayUpdated: marketOpen, Read: marketOpen + 1000}, ModeBaseline})
	b.Apply(&History{Bars: []model.Bar{{Contract: listed, Span: model.Second, Start: marketOpen, Volume: 3}}})
	if _, has := b.Account(listed); has {
		t.Error("it has an account")
	}
	if got := b.Counters().Beyond; got != (model.Beyond{Bars: 2, Lots: 6}) {
		t.Errorf("left out: %+v", got)
	}
	if b.Heard("SPY") != marketOpen+3000 {
		t.Error("its underlying counts as silent")
	}
	if _, err := tape.Registry.InternTraded(symbol("SPY", model.MaxTrading+1)); !errors.Is(err, model.ErrFull) {
		t.Errorf("a new one that trades: %v", err)
	}
	if _, err := tape.Registry.InternTraded("O:SPY"); err == nil || errors.Is(err, model.ErrFull) {
		t.Errorf("what is no contract: %v", err)
	}
	if id, err := tape.Registry.InternTraded(symbol("SPY", 4)); err != nil || id != 4 || !trade(id, marketOpen+1000) {
		t.Errorf("a known one: %d, %v", id, err)
	}
	if a, _ := b.Account(4); a.Exact != 6 || !a.Whole() {
		t.Errorf("a known one: %+v", a)
	}
	const day = 86_400_000
	if !trade(listed, marketOpen+day) || tape.Registry.Full() {
		t.Error("no room on the next date")
	}
	b.Apply(&Rewind{Now: marketOpen, Date: model.TradingDate(marketOpen)})
	if !tape.Registry.Full() {
		t.Error("back on the date before there is room")
	}
	b.Apply(&Forget{Ticker: "QQQ"})
	if !trade(listed, marketOpen+3000) || tape.Registry.Full() {
		t.Error("no room though a ticker went")
	}
}
