package tail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"optflow/model"
	"optflow/model/filter"
	"optflow/model/tape"
	"optflow/model/view"
)

// pictures prints a view of the day: once it is read whole, or every so often.
type pictures struct {
	*printer
	accounts []model.Account
}

// print prints until the one picture is printed, or the run ends.
func (p *pictures) print(ctx context.Context) error {
	if p.seat == nil {
		return errors.New("there is no feed to read the day from")
	}
	var timeUp, due <-chan time.Time
	if p.o.For > 0 {
		timeUp = time.After(p.o.For)
	}
	if p.o.Every > 0 {
		due = time.Tick(p.o.Every)
	}
	if err := p.write(writes{p.o.Format, p.o.Zone}.header(nil, p.o.View)); err != nil {
		return err
	}
	p.seat.Read(p.docked, tape.NoSeq) // no rows are waited for
	for begun := false; ; {
		changed := p.o.Market.Rows().Changed()
		if err := p.report(); err != nil {
			return err
		}
		if !begun && !p.o.Ends && p.whole() {
			begun = true
			if err := p.picture(ctx); err != nil || p.o.Every == 0 {
				return err
			}
		}
		if plan := p.o.Market.State().Plan; plan.Known && plan.NoSnapshots && !p.o.Ends && timeUp == nil && due == nil {
			return fmt.Errorf("%w: the plan has no snapshots, so the day is never read whole; --for or --every prints what was heard of it", ErrRefused)
		}
		select {
		case <-ctx.Done():
			if p.o.Ends && !begun {
				return p.picture(context.WithoutCancel(ctx))
			}
			return nil
		case <-timeUp:
			if begun {
				return nil
			}
			p.say("the day is not read whole yet; this is what was heard of it")
			return p.picture(ctx)
		case <-due:
			begun = true
			if err := p.picture(ctx); err != nil {
				return err
			}
		case <-changed:
		}
	}
}

// whole reports whether the day of every ticker that is followed was read to its
// end.
func (p *pictures) whole() bool {
	st := p.o.Market.State()
	if st.Reading() || len(st.Totals) == 0 || len(st.Totals) < len(st.Tickers) {
		return false
	}
	return !slices.ContainsFunc(st.Totals, func(t model.Totals) bool { return !t.Whole })
}

// picture prints the view as it is now, the rows of most premium first.
func (p *pictures) picture(ctx context.Context) (err error) {
	if p.accounts, err = p.seat.Observe(ctx, p.accounts); err != nil {
		if ctx.Err() != nil {
			return nil // the run ends
		}
		return fmt.Errorf("reading the day's accounts: %w", err)
	}
	now := p.take()
	if p.o.Count > 0 {
		now.first(p.o.Count)
	}
	w := writes{p.o.Format, p.o.Zone}
	for at := range now.Len() {
		p.batch = w.row(p.batch, now, at)
		p.lines++
		if len(p.batch) >= flushBytes {
			if err := p.flush(nil); err != nil {
				return err
			}
		}
	}
	return p.flush(nil)
}

// take makes the picture out of the accounts and the state.
func (p *pictures) take() *Picture {
	st := p.o.Market.State()
	of := view.Of{
		Contracts: p.o.Market.Contracts(), Follows: make(map[string]bool), Totals: st.Totals, Rules: p.o.Rules,
		SpotsLag: st.Plan.SpotsLag(), Now: p.now(),
	}
	if p.o.Filter != nil {
		of.Filter = uncounted{p.o.Filter}
	}
	for _, t := range st.Tickers {
		of.Follows[t] = true
	}
	now := &Picture{View: p.o.View, At: of.Now, Sim: st.Sim, Delayed: st.Plan.Delayed > 0}
	switch p.o.View {
	case Tickers:
		now.Tickers, _, _ = of.TickerDays(nil, nil, 0)
		slices.SortStableFunc(now.Tickers, func(a, b view.Ticker) int { return cmp.Compare(b.Row.Premium, a.Row.Premium) })
		return now
	case Heat:
		lines, _ := of.ContractDays(nil, p.accounts, nil)
		now.Cells = view.Cells(lines)
		return now
	}
	now.Contracts, _ = of.ContractDays(nil, p.accounts, nil)
	slices.SortStableFunc(now.Contracts, func(a, b view.Contract) int {
		return cmp.Or(cmp.Compare(b.Premium, a.Premium), cmp.Compare(a.Of.Symbol, b.Of.Symbol))
	})
	return now
}

// uncounted is a filter of which nobody asks what rows lack.
type uncounted struct{ Filter }

func (uncounted) Lacks(*model.Burst, *model.Contract, int64) filter.Lack { return 0 }
