package table

import "optflow/model"

// Gone are the columns that can have no value with this plan, and so give up
// their place.
func Gone(plan model.Plan) (missing Set) {
	for i := range Tape {
		if Tape[i].WhyGone(plan) != "" {
			missing |= 1 << i
		}
	}
	return missing
}

// WhyGone says why a column has no value with this plan, "" if it has.
func (c *Column[T]) WhyGone(plan model.Plan) string {
	if !plan.Known || c.Lacks == nil {
		return ""
	}
	return c.Lacks(plan)
}

func noSnapshots(plan model.Plan) string {
	if plan.NoSnapshots {
		return "the plan has no snapshots"
	}
	return ""
}

func noQuotes(plan model.Plan) string {
	if why := noSnapshots(plan); why != "" || !plan.NoQuotes {
		return why
	}
	return "the plan has no quotes"
}

func noSpots(plan model.Plan) string {
	if why := noSnapshots(plan); why != "" || !plan.NoSpots {
		return why
	}
	return "the plan has no stock prices"
}

func noPresentSpot(plan model.Plan) string {
	if why := noSpots(plan); why != "" || !plan.SpotsLag() {
		return why
	}
	return "the plan's stock prices are late, the options are not"
}
