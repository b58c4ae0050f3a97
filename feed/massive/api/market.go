package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"optflow/feed/massive/wire"
	"optflow/feed/source"
	"optflow/model"
)

// MarketStatus asks what the market does now.
func (r *REST) MarketStatus(ctx context.Context) (status source.MarketStatus, err error) {
	err = r.get(ctx, r.target("/v1/marketstatus/now", nil), smallBody, func(body []byte) error {
		var w struct {
			Market     wire.Text `json:"market"`
			ServerTime wire.Text `json:"serverTime"`
			Exchanges  struct {
				NYSE wire.Text `json:"nyse"`
			} `json:"exchanges"`
		}
		if err := json.Unmarshal(body, &w); err != nil {
			return fmt.Errorf("the answer cannot be read: %w", err)
		}
		status.Market = wire.Clean(string(w.Market), wire.StatusCells, r.o.Key)
		status.NYSE = wire.Clean(string(w.Exchanges.NYSE), wire.StatusCells, r.o.Key)
		if status.Market == "" && status.NYSE == "" {
			return fmt.Errorf("the answer says nothing of a market")
		}
		if at, err := time.Parse(time.RFC3339, string(w.ServerTime)); err == nil {
			status.ServerTime = at
		}
		return nil
	})
	return status, err
}

// maxHolidays is far more than the exchanges have in the years ahead.
const maxHolidays = 1000

// wireHoliday is one day of one exchange.
type wireHoliday struct {
	Date     wire.Text `json:"date"`
	Exchange wire.Text `json:"exchange"`
	Name     wire.Text `json:"name"`
	Status   wire.Text `json:"status"`
	Open     wire.Text `json:"open"`
	Close    wire.Text `json:"close"`
}

// Upcoming asks for the holidays to come, soonest first.
func (r *REST) Upcoming(ctx context.Context) (holidays []source.Holiday, err error) {
	err = r.get(ctx, r.target("/v1/marketstatus/upcoming", nil), smallBody, func(body []byte) error {
		list := rowsOf(maxHolidays, func(w *wireHoliday, good bool) { // each day is listed once an exchange
			date, err := model.ParseDate(string(w.Date))
			if !good || err != nil || w.Exchange != "NYSE" || w.Status != "closed" && w.Status != "early-close" {
				return
			}
			h := source.Holiday{Date: date, Name: wire.Clean(string(w.Name), wire.StatusCells, r.o.Key), Closed: w.Status == "closed"}
			if !h.Closed {
				h.Open, _ = time.Parse(time.RFC3339, string(w.Open)) // zero when it cannot be read
				h.Close, _ = time.Parse(time.RFC3339, string(w.Close))
			}
			holidays = append(holidays, h)
		})
		if err := json.Unmarshal(body, &list); err != nil {
			holidays = nil
			return fmt.Errorf("the answer cannot be read: %w", err)
		}
		return nil
	})
	slices.SortFunc(holidays, func(a, b source.Holiday) int { return cmp.Compare(a.Date, b.Date) })
	return holidays, err
}
