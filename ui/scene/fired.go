package scene

import (
	"slices"

	"optflow/model"
	"optflow/model/alert"
)

// Fired are the first windows of the bursts that fired an alert, by contract.
type Fired map[model.ContractID][]int64

// FiredOf are those of an inbox.
func FiredOf(in *alert.Inbox) Fired {
	f := Fired{}
	for i := range in.Alerts {
		if a := &in.Alerts[i]; a.Contract != nil && !a.Test {
			f[a.Contract.ID] = append(f[a.Contract.ID], a.Row.Start)
		}
	}
	return f
}

// Of reports whether a burst has a window that fired.
func (f Fired) Of(r *model.Row) bool {
	return slices.ContainsFunc(f[r.Contract], func(start int64) bool { return start >= r.Start && start < r.End() })
}
