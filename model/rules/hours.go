package rules

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"optflow/model"
)

// Hours are a stretch of the day by the exchange's clock, in minutes since
// midnight: From is in it, To is not. It may go over midnight.
type Hours struct{ From, To int }

// ParseHours reads 09:30-16:00.
func ParseHours(text string) (Hours, error) {
	from, to, cut := strings.Cut(text, "-")
	a, errA := time.Parse("15:04", from)
	b, errB := time.Parse("15:04", to)
	if !cut || errA != nil || errB != nil {
		return Hours{}, errors.New("is not a stretch of the day (09:30-16:00)")
	}
	h := Hours{a.Hour()*60 + a.Minute(), b.Hour()*60 + b.Minute()}
	if h.From == h.To {
		return Hours{}, errors.New("begins and ends at the same time")
	}
	return h, nil
}

// String is what ParseHours reads.
func (h Hours) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", h.From/60, h.From%60, h.To/60, h.To%60)
}

// Holds reports whether a market time in ms is in the hours.
func (h Hours) Holds(ms int64) bool {
	t := time.UnixMilli(ms).In(model.NewYork)
	at := t.Hour()*60 + t.Minute()
	if h.From < h.To {
		return at >= h.From && at < h.To
	}
	return at >= h.From || at < h.To
}
