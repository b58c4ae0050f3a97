// Package replaying finds the recorded day that is asked for, and opens it to be
// played.
package replaying

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"optflow/feed/history"
	"optflow/feed/player"
	"optflow/model"
	"optflow/model/daylog"
	"optflow/model/market"
	"optflow/model/ticker"
)

// Asked is what is to be played and how.
type Asked struct {
	Root    string // the folder of history
	Date    string // such as 2026-11-23; "" is the last
	Of      string // the feed; "" is the one recorded last
	From    string // 10:30 or 10:30:15 in the Zone; "" is the beginning
	To      string // the same; "" is the end
	Speed   string // 10x, max; "" is 1x
	Paused  bool
	Zone    *time.Location
	Tickers []string // of those that were recorded; none: all
	Leaves  bool     // see player.Options
}

// WrongError is what is wrong with what was asked.
type WrongError struct{ error }

func (e WrongError) Unwrap() error { return e.error }

func wrong(format string, args ...any) error { return WrongError{fmt.Errorf(format, args...)} }

// Opened is a day ready to be played.
type Opened struct {
	*player.Player
	Day    history.Day
	Reach  history.Reach
	Others []string // feeds that have the same date
}

// Open finds the day and opens it. The errors name it.
func Open(ctx context.Context, a Asked) (*Opened, error) {
	day, others, err := find(&a)
	if err != nil {
		return nil, err
	}
	o := player.Options{Day: day, Paused: a.Paused, Leaves: a.Leaves}
	if a.Speed != "" {
		if o.Rate, err = market.ParseRate(a.Speed); err != nil {
			return nil, wrong("--speed %w", err)
		}
	}
	if o.Reach, err = day.Reach(ctx); err != nil {
		return nil, fmt.Errorf("playing %s of %s: %w", day.Date, day.Feed, err)
	}
	if o.Reach.From == 0 {
		return nil, fmt.Errorf("playing %s of %s: nothing in %s can be read", day.Date, day.Feed, day.Dir)
	}
	if err := a.between(&o); err != nil {
		return nil, err
	}
	if len(a.Tickers) > 0 {
		if o.Tickers, err = chosen(ctx, day, a.Tickers); err != nil {
			return nil, err
		}
	}
	return &Opened{player.New(o), day, o.Reach, others}, nil
}

// find is the day, and the other feeds that have it.
func find(a *Asked) (found history.Day, others []string, err error) {
	if a.Root == "" {
		return found, nil, wrong("no day can have been recorded: there is no folder for it (history-dir)")
	}
	date := model.Date(0)
	if a.Date != "" {
		if date, err = model.ParseDate(a.Date); err != nil {
			return found, nil, wrong("%q: want a date such as %s", a.Date, model.TradingDate(time.Now().UnixMilli()))
		}
	}
	stores, err := history.Stores(a.Root)
	if err != nil {
		return found, nil, err
	}
	var all []history.Day
	for _, s := range stores {
		days, err := s.Days()
		if err != nil {
			return found, nil, err
		}
		all = append(all, days...)
	}
	if len(all) == 0 {
		return found, nil, wrong("no day is recorded in %s: optflow records while it runs", a.Root)
	}
	var latest time.Time
	for _, d := range all {
		if a.Of != "" && d.Feed != a.Of || date != 0 && d.Date != date {
			continue
		}
		written := writtenAt(d)
		if better := found.Date < d.Date || found.Date == d.Date && written.After(latest); better {
			found, latest = d, written
		}
	}
	if found.Date == 0 {
		return found, nil, wrong("%s is not recorded; there are: %s", asked(a), list(all))
	}
	for _, d := range all {
		if d.Date == found.Date && d.Feed != found.Feed {
			others = append(others, d.Feed)
		}
	}
	return found, others, nil
}

func asked(a *Asked) string {
	switch {
	case a.Of == "":
		return a.Date
	case a.Date == "":
		return "a day of " + a.Of
	}
	return a.Date + " of " + a.Of
}

// writtenAt is when a day was last written to.
func writtenAt(d history.Day) (at time.Time) {
	if info, err := os.Stat(d.Files[len(d.Files)-1].Path); err == nil {
		at = info.ModTime()
	}
	return at
}

// listed is how many days an error names.
const listed = 10

// list names days, the newest of many.
func list(days []history.Day) string {
	var names []string
	for _, d := range days[max(0, len(days)-listed):] {
		names = append(names, d.Date.String()+" of "+d.Feed)
	}
	text := strings.Join(names, ", ")
	if n := len(days) - listed; n > 0 {
		text = fmt.Sprintf("%d more, %s", n, text)
	}
	return text
}

// between sets where it begins and ends.
func (a *Asked) between(o *player.Options) error {
	n := market.Playing{From: o.Reach.From, To: o.Reach.To}
	for _, x := range []struct {
		flag, text string
		at         *int64
	}{{"--from", a.From, &o.From}, {"--to", a.To, &o.To}} {
		if x.text == "" {
			continue
		}
		clock, err := market.ParseTimeOfDay(x.text)
		if err != nil {
			return wrong("%s %w", x.flag, err)
		}
		if *x.at = n.TimeOn(clock, a.Zone); *x.at < n.From-int64(model.Minute) || *x.at > n.To+int64(model.Minute) {
			return wrong("%s %s: %s of %s is recorded from %s", x.flag, x.text, o.Day.Date, o.Day.Feed, Reaches(o.Reach, a.Zone))
		}
	}
	if o.From != 0 && o.To != 0 && o.To <= o.From {
		return wrong("--from %s --to %s: nothing is between them", a.From, a.To)
	}
	return nil
}

// Reaches is from when to when a day is recorded: "09:30:00 to 16:00:00".
func Reaches(r history.Reach, in *time.Location) string {
	at := func(ms int64) string { return time.UnixMilli(ms).In(in).Format(time.TimeOnly) }
	return at(r.From) + " to " + at(r.To)
}

// chosen are recorded underlyings by the names that they have there.
func chosen(ctx context.Context, day history.Day, names []string) (out []string, err error) {
	recorded, err := recordedIn(ctx, day)
	if err != nil || len(recorded) == 0 {
		return names, err
	}
	for _, name := range names {
		found := ""
		for _, r := range recorded {
			if ticker.Same(r, name) {
				found = r
			}
		}
		if found == "" {
			return nil, wrong("--tickers %s: %s of %s has %s", ticker.Bare(name), day.Date, day.Feed, strings.Join(recorded, ", "))
		}
		out = append(out, found)
	}
	return out, nil
}

// recordedIn are the underlyings that were followed as the last file of a day began.
func recordedIn(ctx context.Context, day history.Day) (tickers []string, err error) {
	day.Files = day.Files[len(day.Files)-1:]
	var d daylog.Decoder
	for b, err := range day.Blocks(ctx, nil) {
		if err != nil {
			return nil, err
		}
		err = d.Ops(b.Unpacked, daylog.Reader{State: func(s *model.State) {
			if len(s.Tickers) > 0 {
				tickers = s.Tickers
			}
		}})
		if err != nil && !errors.Is(err, daylog.ErrUnnamed) {
			return nil, err
		}
		if len(tickers) > 0 {
			return tickers, nil
		}
	}
	return nil, nil
}
