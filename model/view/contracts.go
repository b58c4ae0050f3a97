// Package view says what the views of the day are of: a row for a contract's day,
// an underlying's, a cell of the heat map. They are made of copies of the accounts
// and the totals; the screen draws them, tail and exports print them.
package view

import (
	"optflow/model"
	"optflow/model/filter"
)

// Filter decides which rows are taken; *filter.Filter is one. Now is market time
// in ms.
type Filter interface {
	Match(r *model.Burst, c *model.Contract, now int64) model.Truth
	Lacks(r *model.Burst, c *model.Contract, now int64) filter.Lack
}

// Of is what the rows are made of.
type Of struct {
	Contracts *model.Contracts
	Follows   map[string]bool // underlyings
	Totals    []model.Totals  // of the same moment as the accounts
	Rules     *model.Rules    // of the marks
	Filter    Filter          // nil takes all
	SpotsLag  bool            // stock prices are late beside real-time options
	Now       int64           // market time, ms
}

// Tally counts what a view shows.
type Tally struct {
	Shown, Of, Lack int         // rows taken, of how many, and of those left out that the filter cannot tell of
	Lacks           filter.Lack // what those lack
	Premium         float64     // of what is shown, dollars
}

// takes counts a row and asks the filter.
func (t *Tally) takes(f Filter, r *model.Burst, c *model.Contract, now int64) bool {
	t.Of++
	if f != nil {
		switch f.Match(r, c, now) {
		case model.False:
			return false
		case model.Unknowable:
			t.Lack++
			t.Lacks |= f.Lacks(r, c, now)
			return false
		}
	}
	t.Shown++
	t.Premium += r.Premium
	return true
}

// Contract is one contract's day: its account, and the same in the words of
// a row, which is what filters and the tape's columns read.
type Contract struct {
	model.Account
	Of    *model.Contract
	Row   model.Burst
	Marks model.Marks
	Whole bool // a complete sweep stands behind the day's sums of its underlying
}

// ContractDays appends to a list that is reused the contracts that traded, of
// followed underlyings, as the filter takes them and within says; nil says all.
func (o *Of) ContractDays(into []Contract, accounts []model.Account, within func(*model.Contract) bool) (rows []Contract, t Tally) {
	known := make(map[string]*model.Totals, len(o.Totals))
	for i := range o.Totals {
		known[o.Totals[i].Underlying] = &o.Totals[i]
	}
	var l Contract
	for i := range accounts {
		a := &accounts[i]
		c := o.Contracts.At(a.Contract)
		if c == nil || a.Day == 0 || !o.Follows[c.Underlying] || within != nil && !within(c) {
			continue
		}
		spot, whole := model.Unknown, false
		if of := known[c.Underlying]; of != nil {
			spot, whole = of.Spot, of.Whole
		}
		l = Contract{Account: *a, Of: c, Row: model.Burst{Row: a.Row(spot, o.SpotsLag, o.Now)}, Whole: whole}
		if !t.takes(o.Filter, &l.Row, c, o.Now) {
			continue
		}
		l.Marks = model.MarksOf(&l.Row.Row, c, o.Rules) & model.MarkUnusual // the others speak of a burst
		into = append(into, l)
	}
	return into, t
}
