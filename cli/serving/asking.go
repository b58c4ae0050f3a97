package serving

import (
	"context"
	"fmt"

	"golang.org/x/time/rate"

	"optflow/feed/seat"
	"optflow/model"
	"optflow/model/market"
	"optflow/model/termsafe"
	"optflow/ui/serve"
)

// asking is a place at the market whose questions are noted in the log.
type asking struct {
	*seat.Place
	v       *serve.Visit
	may     *rate.Limiter // lines of the log
	changes bool          // what the viewer wants changes the feed
}

func newAsking(p *seat.Place, v *serve.Visit) *asking {
	return &asking{Place: p, v: v, may: rate.NewLimiter(1, 10), changes: rightsOf(v.Role) != seat.Viewer}
}

// note notes a question; of a flood, one a second.
func (a *asking) note(format string, args ...any) {
	if a.may.Allow() {
		a.v.Asked(termsafe.String(fmt.Sprintf(format, args...), 200))
	}
}

// change notes what changes the feed, unless the viewer may not.
func (a *asking) change(format string, args ...any) {
	if a.changes {
		a.note(format, args...)
	}
}

// Seat is the place, noted.
func (a *asking) Seat() market.Seat {
	if a.Place.Seat() == nil {
		return nil
	}
	return a
}

// Lookup asks whether an underlying exists.
func (a *asking) Lookup(ctx context.Context, symbol string) error {
	a.note("lookup %s", symbol)
	return a.Place.Lookup(ctx, symbol)
}

// Day asks for a contract's day.
func (a *asking) Day(ctx context.Context, id model.ContractID) ([]model.Bar, error) {
	a.note("day of %s", a.Contracts().At(id).Symbol)
	return a.Place.Day(ctx, id)
}

// Follow chooses tickers.
func (a *asking) Follow(tickers []string) {
	a.change("follow %v", tickers)
	a.Place.Follow(tickers)
}

// Window changes the windows.
func (a *asking) Window(span model.Span) {
	a.change("windows of %d ms", span)
	a.Place.Window(span)
}

// AutoRefresh connects, or lets go.
func (a *asking) AutoRefresh(on bool) {
	a.change("auto-refresh %v", on)
	a.Place.AutoRefresh(on)
}

// PollNow asks REST once.
func (a *asking) PollNow() {
	a.change("poll")
	a.Place.PollNow()
}

// Retake takes the stream back.
func (a *asking) Retake() {
	a.change("retake")
	a.Place.Retake()
}
