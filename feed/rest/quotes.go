package rest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"optflow/feed/plan"
	"optflow/feed/source"
	"optflow/model"
)

const (
	QuoteEvery   = time.Second
	SettleEvery  = 3 * time.Second  // between two readings of a contract that are to settle sides
	VisibleEvery = 5 * time.Second  // quotes of rows on screen
	missingMost  = 3                // times that the vendor does not know a contract,
	missingAgain = 15 * time.Minute // from when on it is asked so seldom
)

// quotes asks for the quotes that matter: of contracts over the floor, on
// screen, and active.
type quotes struct {
	every     time.Duration // for active contracts
	watched   func(into []model.ContractID) (ids []model.ContractID, fresh bool)
	source    chainSource
	budget    *Budget
	contracts *model.Registry
	following *Following
	interests *interests
	intake    *intake
	plan      *model.Plan
	notes     Notes

	visible []model.ContractID
	next    time.Time
	off     plan.Denial // the plan has no unified snapshot
}

// schedule asks at most once a second and one request at a time.
func (q *quotes) schedule(m Moment) {
	if q.off.Holds(m.Now) || !m.Live || m.Now.Before(q.next) {
		return
	}
	q.next = m.Now.Add(QuoteEvery)
	if q.budget.scarce() {
		q.next = m.Now.Add(q.budget.share(2))
	}
	if visible, fresh := q.watched(q.visible); fresh {
		q.visible = visible
	}
	ids := q.choose(m)
	if len(ids) == 0 {
		return
	}
	symbols := make([]string, len(ids))
	for i, id := range ids {
		symbols[i] = q.contracts.At(id).Symbol
	}
	added := q.budget.Add(&Job{
		Class: ForQuotes, Key: "quotes",
		Do: asks(func(ctx context.Context) (a quotesAnswer, err error) {
			a.found, a.missing, err = q.source.Unified(ctx, symbols)
			return a, err
		}, q.got),
		Fail: func(m Moment, err error) { denied(m, err, &q.off, q.notes, "no quotes by list") },
	})
	if !added {
		return
	}
	for _, id := range ids {
		q.interests.quoted(id, m.Now) // asked: not again at once, whatever comes of it
	}
}

// choice is a list of contracts whose quotes are old enough to be asked for.
type choice struct {
	q     *quotes
	now   time.Time
	ids   []model.ContractID
	taken map[model.ContractID]bool
}

// add takes a contract if there is room and its quote is older than every.
func (c *choice) add(id model.ContractID, every time.Duration) {
	i := c.q.interests.at(id)
	age := c.now.Sub(i.read)
	if len(c.ids) >= source.MaxUnified || c.taken[id] || i.missing >= missingMost && age < missingAgain || age < every {
		return
	}
	if of := c.q.contracts.At(id); of != nil && c.q.following.Follows(of.Underlying) {
		c.taken[id] = true
		c.ids = append(c.ids, id)
	}
}

// choose lists up to 250 contracts: those over the floor whose sides a reading
// would settle, those on screen, those active, each when its quote is old enough.
func (q *quotes) choose(m Moment) []model.ContractID {
	c := &choice{q: q, now: m.Now, ids: make([]model.ContractID, 0, source.MaxUnified), taken: map[model.ContractID]bool{}}
	if !q.plan.NoQuotes {
		q.chooseSettling(c, m.Market)
		for _, id := range q.visible {
			c.add(id, VisibleEvery)
		}
	}
	q.chooseActive(c)
	return c.ids
}

func (q *quotes) chooseSettling(c *choice, now int64) {
	in := q.interests
	in.settle = slices.DeleteFunc(in.settle, func(id model.ContractID) bool {
		i := in.at(id)
		if of := q.contracts.At(id); i.missing >= missingMost || !q.following.Follows(of.Underlying) {
			i.due = 0
		} else if i.due <= now {
			c.add(id, SettleEvery)
			if c.taken[id] {
				i.settled(now)
			}
		}
		return i.due == 0
	})
}

func (q *quotes) chooseActive(c *choice) {
	in := q.interests
	in.active = slices.DeleteFunc(in.active, func(id model.ContractID) bool {
		i := in.at(id)
		i.active = c.now.Sub(i.row) < activeFor
		return !i.active
	})
	due := make([]model.ContractID, 0, len(in.active))
	for _, id := range in.active {
		if c.now.Sub(in.of[id].read) >= q.every {
			due = append(due, id)
		}
	}
	slices.SortFunc(due, func(a, b model.ContractID) int { return cmp.Compare(in.of[b].premium, in.of[a].premium) })
	// A nearly empty request costs as much of the budget as a full one.
	if len(c.ids) > 0 || len(due) >= source.MaxUnified/10 || len(due) > 0 && c.now.Sub(in.of[due[0]].read) >= q.every+2*QuoteEvery {
		for _, id := range due {
			c.add(id, q.every)
		}
	}
}

type quotesAnswer struct {
	found   []model.Snapshot
	missing map[string]string // why, by symbol
}

func (q *quotes) got(m Moment, a quotesAnswer) {
	q.intake.count.Polls++
	q.off.Lift()
	for i := range a.found {
		if id, known := q.intake.one(m, &a.found[i], ""); known {
			q.interests.at(id).missing = 0
		}
	}
	for symbol, why := range a.missing {
		if id, ok := q.contracts.Find([]byte(symbol)); ok && why != "" {
			q.interests.at(id).missing++
		}
	}
}
