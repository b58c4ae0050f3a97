package session

import (
	"testing"

	"optflow/model"
)

// Whatever the time, whatever a server says of a day and of now: the facts of a
// session fit together, and a contract's end is never before its last trade.
func FuzzCalendar(f *testing.F) {
	f.Add(int64(1_764_255_600_000), int16(0), int64(0), int64(0), false, uint8(0), int16(1))                                  // Thanksgiving 2025
	f.Add(int64(1_772_955_000_000), int16(0), int64(0), int64(0), false, uint8(1), int16(0))                                  // summer time begins
	f.Add(int64(1_793_536_200_000), int16(2), int64(1_793_543_400_000), int64(0), false, uint8(2), int16(-3))                 // and ends
	f.Add(int64(1_830_211_200_000), int16(-1), int64(0), int64(0), true, uint8(3), int16(400))                                // a closure nobody planned
	f.Add(int64(1_709_218_800_000), int16(0), int64(1_709_220_000_000), int64(1_709_219_000_000), false, uint8(0), int16(30)) // leap day, closes before it opens
	f.Fuzz(func(t *testing.T, ms int64, offset int16, opens, closes int64, closed bool, status uint8, expires int16) {
		if ms < 1_420_070_400_000 || ms > 2_871_763_200_000 { // 2015 to 2060: the years that are computed
			t.Skip()
		}
		today := model.TradingDate(ms)
		c := new(Calendar).With(Override{Date: today + model.Date(offset%8), Closed: closed, Open: opens, Close: closes})
		said := Statement{Status: Status(status % 4), At: ms - int64(offset)*1000}
		facts := c.At(ms, said)

		if facts.Date > today || facts.Date < today-31 {
			t.Errorf("shows %v on %v", facts.Date, today)
		}
		if facts.Open && !facts.Forced && (ms < facts.Opens || ms >= facts.Closes || !c.TradingDay(today)) {
			t.Errorf("open at %d, hours %d to %d", ms, facts.Opens, facts.Closes)
		}
		if facts.Opens != 0 && facts.Opens >= facts.Closes {
			t.Errorf("hours %d to %d", facts.Opens, facts.Closes)
		}
		if facts.NextOpen != 0 && facts.NextOpen <= ms {
			t.Errorf("the next session opens at %d, now is %d", facts.NextOpen, ms)
		}
		if facts.Text() == "" {
			t.Error("no words")
		}
		next, before := c.Next(today), c.Previous(today)
		if !c.TradingDay(next) || !c.TradingDay(before) || next <= today || before >= today || c.Previous(next) > today {
			t.Errorf("%v, trading days around it %v and %v", today, before, next)
		}
		for d := before; d <= next; d++ {
			hours, trades := c.Hours(d)
			if trades != c.TradingDay(d) || trades && (hours.Open >= hours.Close || hours.Close >= hours.Late || weekend(d) || model.TradingDate(hours.Open) != d) {
				t.Errorf("hours of %v: %+v, %v", d, hours, trades)
			}
		}
		contract := model.Contract{Root: []string{"SPY", "SPX", "SPXW", "VIX"}[uint8(expires)%4], Underlying: "SPX", Expiry: today + model.Date(expires)}
		last := c.LastTradingDay(&contract)
		if last > contract.Expiry || last < contract.Expiry-31 || !c.TradingDay(last) {
			t.Errorf("%s of %v trades last on %v", contract.Root, contract.Expiry, last)
		}
		ends, trades := c.Closes(&contract, last)
		if !trades || model.TradingDate(ends) != last {
			t.Errorf("%s of %v ends at %d (%v), want it on %v", contract.Root, contract.Expiry, ends, trades, last)
		}
	})
}
