package rest

import (
	"context"
	"fmt"

	"optflow/feed/plan"
	"optflow/feed/source"
	"optflow/model"
)

// reading reads the pages of chains, for sweeps and for polling.
type reading struct {
	source    chainSource
	budget    *Budget
	following *Following
	intake    *intake
	interests *interests
	history   *History
	snapshots *snapshots
	pace      *pace
	notes     Notes
}

// filter is the page as the endpoint takes it, whose bounds are inclusive.
func (p *page) filter() source.ChainFilter {
	f := source.ChainFilter{ExpiryFrom: p.from, ExpiryTo: p.to, StrikeFrom: float64(p.low) / 1000}
	if p.high != 0 {
		f.StrikeTo = float64(p.high-1) / 1000
	}
	return f
}

func (p *page) key() string {
	return fmt.Sprintf("page/%s/%d/%d/%d", p.underlying, p.from, p.low, p.high)
}

// errand is the reading of one page: for a sweep or, without one, for polling.
type errand struct {
	chain *Chain
	page  *page
	class Class
	run   *sweep
}

// read asks for a page.
func (r *reading) read(m Moment, e errand) {
	e.page.outstanding = true
	e.page.walk = source.Walk{}
	r.part(m, e, "", 0)
}

// part asks for the first or a further part of a page: one that has outgrown its
// plan, or the whole chain while there is no plan.
func (r *reading) part(m Moment, e errand, next string, volume int64) {
	path, filter := e.chain.path(), e.page.filter()
	added := r.budget.Add(&Job{
		Class: e.class, Rank: float64(e.page.volume), Key: e.page.key() + next, Owner: e.chain,
		Do: asks(func(ctx context.Context) (source.ChainPage, error) {
			if next == "" {
				return r.source.Chain(ctx, path, filter)
			}
			return r.source.ChainNext(ctx, next)
		}, func(m Moment, got source.ChainPage) { r.got(m, e, got, volume) }),
		Fail: func(m Moment, err error) { r.failed(m, e, err) },
		Gone: func(m Moment) { r.end(m, e, false) },
	})
	if !added && e.run != nil {
		// A poll of that page is under way already; the sweep is not whole
		// without its own reading, but the next one will be.
		r.end(m, e, false)
	}
}

// got books a page, or a part of it.
func (r *reading) got(m Moment, e errand, got source.ChainPage, volume int64) {
	volume += r.intake.page(m, e.chain, &got, e.run)
	e.chain.gone.found()
	r.snapshots.Lift()
	if n := len(got.Snapshots); n > 0 {
		r.following.found(e.chain, got.Snapshots[n-1].Index)
	}
	if !m.Resting {
		r.history.glance(m, got.Snapshots)
	}
	if got.Next != "" {
		if err := e.page.walk.Step(got.Next); err != nil { // what came so far counts, but it is not all
			r.notes.Note(e.chain.underlying + ": " + err.Error())
			r.end(m, e, false)
			return
		}
		if e.run != nil {
			e.run.outgrown = true
		}
		r.part(m, e, got.Next, volume)
		return
	}
	if r.otherwise(m, e) {
		return
	}
	if e.run != nil && e.run.rows == 0 && e.run.missed {
		r.end(m, e, false) // not found is not the same as nothing there
		return
	}
	r.pace.polled(m, e.page, volume)
	r.end(m, e, true)
}

// otherwise asks for a chain under its next name when nothing was found under
// this one. It is false when all of them were tried.
func (r *reading) otherwise(m Moment, e errand) bool {
	if e.chain.proven || e.run == nil || e.run.rows > 0 || !e.chain.otherwise() {
		return false
	}
	r.read(m, e)
	return true
}

func (r *reading) failed(m Moment, e errand, err error) {
	switch source.KindOf(err) {
	case source.ErrorNotEntitled:
		r.snapshots.denied(m, err)
	case source.ErrorTooLarge:
		r.notes.Note(e.chain.underlying + ": " + err.Error())
	case source.ErrorNotFound:
		if e.run != nil {
			e.run.missed = true
		}
		if r.otherwise(m, e) {
			return
		}
		r.missing(m, e.chain)
	}
	r.end(m, e, false)
}

// missing is a 404 for a page of a chain. What streams is there, whatever REST
// says.
func (r *reading) missing(m Moment, ch *Chain) {
	after := absentAfter
	if ch.baseline {
		after = absentKnown
	}
	if r.interests.heard(ch.underlying, m.Now) {
		return
	}
	if lasts := ch.gone.missed(m.Now, after); lasts > 0 {
		r.notes.Note(ch.underlying + " has no options here" + plan.AgainIn(lasts))
	}
}

// end ends the reading of one page.
func (r *reading) end(m Moment, e errand, whole bool) {
	e.page.outstanding = false
	if e.run != nil {
		e.run.pageRead(m, whole)
	}
}

// total counts the contracts on the pages of a chain.
func (ch *Chain) total() (n int) {
	for _, p := range ch.pages {
		n += p.contracts
	}
	return n
}

// living are the contracts of an underlying that have not expired.
func living(contracts *model.Contracts, underlying string, today model.Date) (list []*model.Contract) {
	for n := range contracts.Len() {
		if c := contracts.At(model.ContractID(n)); c.Underlying == underlying && c.Expiry >= today {
			list = append(list, c)
		}
	}
	return list
}
