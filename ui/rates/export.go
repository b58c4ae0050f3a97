package rates

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"optflow/model/ledger"
)

// Row are the figures of one version at one horizon, as they are exported. What
// is not known is left out of JSON and empty in CSV.
type Row struct {
	Rule      string         `json:"rule"`
	Version   string         `json:"rule_version"`
	Number    int            `json:"number"` // the how manieth version of that name
	Horizon   string         `json:"horizon"`
	N         int            `json:"n"`
	Days      int            `json:"days"`
	Held      int            `json:"held"`
	Revised   int            `json:"revised"`
	Open      int            `json:"open"` // not due, or not read yet
	Lost      int            `json:"lost"`
	Why       map[string]int `json:"lost_why,omitempty"`
	Few       bool           `json:"too_few"`
	Hit       number         `json:"hit,omitzero"`
	HitLow    number         `json:"hit_low,omitzero"`
	HitHigh   number         `json:"hit_high,omitzero"`
	Ties      int            `json:"ties"`
	Sideless  int            `json:"no_side"`
	Control   number         `json:"control,omitzero"`
	Diff      number         `json:"diff,omitzero"`
	DiffLow   number         `json:"diff_low,omitzero"`
	DiffHigh  number         `json:"diff_high,omitzero"`
	Unmatched int            `json:"without_control"`
	MidN      int            `json:"mid_n"`
	Mid       number         `json:"mid,omitzero"`
	MidMedian number         `json:"mid_median,omitzero"`
	NetN      int            `json:"net_n"`
	Net       number         `json:"net,omitzero"`
	NetMedian number         `json:"net_median,omitzero"`
	Lots      int64          `json:"lots_told"`
	Opened    int64          `json:"opened_least"`
	Closed    int64          `json:"closed_least"`
	Cannot    int            `json:"opening_not_told"`
}

// number is one that may not be known.
type number float64

func (n number) IsZero() bool { return math.IsNaN(float64(n)) }

func (n number) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(n), 'f', 4, 64), nil
}

func (n number) String() string {
	if n.IsZero() {
		return ""
	}
	return strconv.FormatFloat(float64(n), 'f', 4, 64)
}

// rowOf are the figures of a version; its rates have none while there are too few.
func rowOf(f *ledger.Figures) Row {
	few := f.Hit.Few() && f.Diff.Few()
	rate := func(v float64) number {
		if few {
			v = math.NaN()
		}
		return number(v)
	}
	return Row{
		Rule: f.Rule, Version: f.Version, Number: f.Number, Horizon: string(f.Horizon), N: f.N, Days: f.Days, Held: f.Held, Revised: f.Revised,
		Open: f.Waiting, Lost: f.Lost, Why: f.Why, Few: few, Ties: f.Ties, Sideless: f.Sideless, Unmatched: f.Unmatched,
		MidN: f.Mid.N, NetN: f.Net.N, Lots: f.Opening.Lots, Opened: f.Opening.Opened, Closed: f.Opening.Closed, Cannot: f.Opening.Cannot,
		Hit: rate(f.Hit.Value), HitLow: rate(f.Hit.Low), HitHigh: rate(f.Hit.High), Control: rate(f.Control),
		Diff: rate(f.Diff.Value), DiffLow: rate(f.Diff.Low), DiffHigh: rate(f.Diff.High),
		Mid: rate(f.Mid.Mean), MidMedian: rate(f.Mid.Median), Net: rate(f.Net.Mean), NetMedian: rate(f.Net.Median),
	}
}

// rows are those of all horizons, in order.
func (r *Rates) rows() (list []Row) {
	list = []Row{}
	for _, h := range ledger.Horizons() {
		for i := range r.By[h] {
			list = append(list, rowOf(&r.By[h][i]))
		}
	}
	return list
}

// WriteJSON writes one object with a row for each version and horizon, and with
// the sentences of the screen.
func (r *Rates) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		V        int      `json:"v"`
		Sim      bool     `json:"sim"`
		Versions int      `json:"versions_tried"`
		Rows     []Row    `json:"rows"`
		Says     []string `json:"says"`
	}{1, r.Sim, r.Versions, r.rows(), append(r.Head(), Below...)})
}

// csvHead are the columns of CSV, named as the keys of JSON.
var csvHead = []string{
	"sim", "rule", "rule_version", "number", "horizon", "n", "days", "held", "revised", "open", "lost", "too_few", "hit", "hit_low", "hit_high", "ties",
	"no_side", "control", "diff", "diff_low", "diff_high", "without_control", "mid_n", "mid", "mid_median", "net_n", "net", "net_median", "lots_told",
	"opened_least", "closed_least", "opening_not_told", "lost_why",
}

// WriteCSV writes the same rows.
func (r *Rates) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	_ = c.Write(csvHead) // its error is Flush's
	for _, row := range r.rows() {
		var why []string
		for _, reason := range slices.Sorted(maps.Keys(row.Why)) {
			why = append(why, fmt.Sprintf("%s: %d", reason, row.Why[reason]))
		}
		_ = c.Write([]string{
			strconv.FormatBool(r.Sim), row.Rule, row.Version, strconv.Itoa(row.Number), row.Horizon, strconv.Itoa(row.N), strconv.Itoa(row.Days),
			strconv.Itoa(row.Held), strconv.Itoa(row.Revised), strconv.Itoa(row.Open), strconv.Itoa(row.Lost), strconv.FormatBool(row.Few),
			row.Hit.String(), row.HitLow.String(), row.HitHigh.String(), strconv.Itoa(row.Ties), strconv.Itoa(row.Sideless), row.Control.String(),
			row.Diff.String(), row.DiffLow.String(), row.DiffHigh.String(), strconv.Itoa(row.Unmatched), strconv.Itoa(row.MidN), row.Mid.String(),
			row.MidMedian.String(), strconv.Itoa(row.NetN), row.Net.String(), row.NetMedian.String(), strconv.FormatInt(row.Lots, 10),
			strconv.FormatInt(row.Opened, 10), strconv.FormatInt(row.Closed, 10), strconv.Itoa(row.Cannot), strings.Join(why, "; "),
		})
	}
	c.Flush()
	return c.Error()
}
