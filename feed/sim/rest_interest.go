package sim

import (
	"net/http"

	"optflow/model"
)

// interestRow is one row of /options/v1/open-interest.
type interestRow struct {
	Type       string  `json:"contract_type"`
	Date       string  `json:"date"`
	Expiry     string  `json:"expiration_date"`
	Interest   int64   `json:"open_interest"`
	Root       string  `json:"root"`
	Strike     float64 `json:"strike_price"`
	Ticker     string  `json:"ticker"`
	Underlying string  `json:"underlying_ticker"`
}

// interest is GET /options/v1/open-interest of one contract, newest first: a row
// for each session whose figure was stated by now. It is in no other plan than
// those of snapshots, as open interest altogether.
func (a *rest) interest(r *http.Request) (answer, *failure) {
	if a.snapshotsDenied() {
		return nil, notEntitled()
	}
	q, bad := readQuery(r, 10, 1000, "date")
	if bad != nil {
		return nil, bad
	}
	days, bad := q.between("date", readDay)
	if bad != nil {
		return nil, bad
	}
	symbol := q.values.Get("ticker")
	if symbol == "" {
		return nil, badRequest("ticker is wanted here")
	}
	m := a.market
	now := m.Hold()
	defer m.Release()
	list := []interestRow{}
	if c := m.Find(symbol); c != nil {
		d := detailsOf(c)
		contract, _ := model.ParseContract(symbol) // it is listed
		stated := m.Interests(c, now)
		for i := len(stated) - 1; i >= 0; i-- {
			if on := stated[i]; days.holds(int64(on.Day)) {
				list = append(list, interestRow{
					Type: d.Type, Date: on.Day.String(), Expiry: d.Expiry, Interest: on.Lots, Root: contract.Root, Strike: d.Strike,
					Ticker: symbol, Underlying: c.Under.Ticker,
				})
			}
		}
	}
	list, next := pageOf(&q, r, list)
	return page{RequestID: a.requestID(), Status: a.status(), Results: list, NextURL: next}, nil
}
