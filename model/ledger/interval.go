package ledger

import (
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Bounds under which no interval is given: fewer alerts on fewer days show
// nothing.
const (
	enoughAlerts = 30
	enoughDays   = 20
)

// level of the intervals shown.
const level = 0.95

// Estimate is a mean of daily means with its interval. Alerts of one day are not
// independent: they carry the same move. So it is the days that are counted; one
// with few alerts, of which its mean says little, weighs less.
type Estimate struct {
	Value     float64 // NaN when there is nothing
	Low, High float64 // NaN when there are too few
	N, Days   int
	err       float64 // standard error
}

// Few reports whether there are too few alerts or days for an interval.
func (e Estimate) Few() bool { return e.N < enoughAlerts || e.Days < enoughDays }

// Nothing reports whether no difference is seen: 0 is inside the interval, or
// there is none.
func (e Estimate) Nothing() bool { return !(e.Low > 0 || e.High < 0) }

// At is the same estimate with an interval of another level, 0.95 being that of
// one look among none.
func (e Estimate) At(level float64) Estimate {
	e.Low, e.High = math.NaN(), math.NaN()
	if e.Few() || math.IsNaN(e.err) {
		return e
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(e.Days - 1)}.Quantile(1 - (1-level)/2)
	e.Low, e.High = e.Value-t*e.err, e.Value+t*e.err
	return e
}

// half is how many alerts give a day half of the weight that any number could: it
// is the best where a fifth of the variance is the day's.
const half = 4

// weight of a day of so many alerts.
func weight(n int) float64 { return float64(n) / float64(n+half) }

// cluster is what one day has to do with a mean of daily means.
type cluster struct {
	sum   float64 // of what its alerts came to
	n     int     // of its alerts
	other float64 // what is subtracted from the alerts' days and happened on this day: weighted sum
	held  float64 // its weight
}

// estimate is the mean of the daily means less the mean of what is subtracted.
// Its error goes by the day on which a thing happened: of controls, which days to
// come share, by theirs. Without them, and with as many alerts every day, it is
// the t interval over daily means.
func estimate(days map[int]*cluster) Estimate {
	e := Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), err: math.NaN()}
	order := slices.Sorted(maps.Keys(days)) // sums of floats depend on it
	mean, other, total, held := 0.0, 0.0, 0.0, 0.0
	for _, day := range order {
		d := days[day]
		if d.n > 0 {
			e.N += d.n
			e.Days++
			mean += weight(d.n) * d.sum / float64(d.n)
			total += weight(d.n)
		}
		other += d.other
		held += d.held
	}
	if e.Days == 0 {
		return e
	}
	mean /= total
	if held > 0 {
		other /= held
	}
	squares := 0.0
	for _, day := range order {
		d, off := days[day], 0.0
		if d.n > 0 {
			off = weight(d.n) * (d.sum/float64(d.n) - mean)
		}
		off -= d.other - d.held*other
		squares += off * off
	}
	e.Value = mean - other
	if count := float64(e.Days); e.Days > 1 {
		e.err = math.Sqrt(squares*count/(count-1)) / total
	}
	return e.At(level)
}
