package rest

import (
	"time"

	"optflow/model"
	"optflow/model/side"
)

const (
	activeFor = 2 * time.Minute // a contract with a row so recently is active
	burstGap  = 10_000          // ms: rows so far apart do not join
)

// interest is what makes one contract worth a quote.
type interest struct {
	last    int64 // ms: start of the newest window
	end     int64 // and its end
	due     int64 // ms of market time from which a reading settles its rows' sides; 0 there is nothing to settle
	premium float64
	floor   float64
	row     time.Time // arrival of the last bar
	read    time.Time // of the last quote
	crossed bool      // over the floor
	active  bool      // is in interests.active
	missing uint8     // times the vendor did not know it
}

// interests are kept by contract number.
type interests struct {
	contracts *model.Contracts
	floor     func(underlying string) float64
	of        []interest
	active    []model.ContractID // with a row lately
	settle    []model.ContractID // over the floor, and not read since
}

func (in *interests) at(id model.ContractID) *interest {
	if int(id) >= len(in.of) {
		in.of = append(in.of, make([]interest, int(id)+256-len(in.of))...)
	}
	return &in.of[id]
}

// bar notes a bar and returns its premium: it runs for every event and must be
// cheap.
func (in *interests) bar(bar *model.Bar, now time.Time) (premium float64) {
	i := in.at(bar.Contract)
	i.row = now
	c := in.contracts.At(bar.Contract)
	if !i.active {
		i.active = true
		i.floor = in.floor(c.Underlying)
		in.active = append(in.active, bar.Contract)
	}
	premium = float64(bar.Volume) * bar.Vwap * c.Multiplier()
	if bar.Start-i.last > burstGap {
		i.premium, i.crossed = 0, false
	}
	i.last = max(i.last, bar.Start)
	i.end = max(i.end, bar.Start+int64(bar.Span))
	i.premium += premium
	i.crossed = i.crossed || i.premium >= i.floor
	if i.crossed && i.due == 0 {
		i.due = bar.Start + int64(bar.Span) + side.SureAfter
		in.settle = append(in.settle, bar.Contract)
	}
	return premium
}

// settled notes that a quote is read, which settles the windows that ended early
// enough.
func (i *interest) settled(now int64) {
	i.due = 0
	if due := i.end + side.SureAfter; due > now {
		i.due = due
	}
}

// quoted notes that a quote of the contract was read.
func (in *interests) quoted(id model.ContractID, now time.Time) { in.at(id).read = now }

// heard says whether the stream brought a bar of a ticker lately.
func (in *interests) heard(ticker string, now time.Time) bool {
	for _, id := range in.active {
		if in.contracts.At(id).Underlying == ticker && now.Sub(in.of[id].row) < activeFor {
			return true
		}
	}
	return false
}
