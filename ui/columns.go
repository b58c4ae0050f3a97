package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"optflow/model"
	"optflow/ui/format"
)

// cell is what a column of the tape draws from: a burst with its contract.
type cell struct {
	row      *model.Row
	contract *model.Contract
	marks    model.Marks
	zone     *format.Zone
}

func (c *cell) dte() int { return c.contract.DTE(model.TradingDate(c.row.Start)) }

// columnID is the place of a column in tapeColumns.
type columnID uint8

// tapeColumns are the columns of the tape in the order in which they stand. A
// column more is one more of these.
var tapeColumns = []column[cell]{
	{
		head: "TIME", name: "time", width: 8, toStart: true, falls: true, air: 90, fixed: true, always: true,
		note: "start of the burst",
		draw: drawTime, key: keyTime,
		clause: func(c *cell) (clause, error) {
			at := newYorkMinute(c.row.Start)
			return clause{"time=" + at, "time!=" + at}, nil
		},
	},
	{
		head: "MARK", name: "marks", width: 4, toStart: true, falls: true, air: 80, fixed: true, narrow: true,
		note: "W whale, U turned unusual, u was unusual, > above open interest, = twin",
		draw: drawMark, key: keyMark,
		clause: func(c *cell) (clause, error) { return markClause(c.marks) },
	},
	{
		head: "TICK", name: "ticker", width: 5, toStart: true, air: 70, fixed: true, always: true,
		note: "underlying",
		draw: drawTick, key: keyTick,
		clause: func(c *cell) (clause, error) { return tickerClause(c.contract.Underlying), nil },
	},
	{
		head: "STRIKE", name: "strike", width: 9, air: 60, fixed: true, always: true, narrow: true,
		note: "strike, C call or P put; * adjusted: not 100 shares for 100 times the strike",
		draw: drawStrike, key: keyStrike,
		clause: strikeClause,
	},
	{
		head: "EXPIRY", name: "expiry", width: 7, toStart: true, air: 20,
		note: "day of expiry",
		draw: drawExpiry, key: keyExpiry,
		clause: func(c *cell) (clause, error) {
			day := strings.ToLower(c.contract.Expiry.UTC().Format("2Jan2006"))
			return clause{"exp=" + day, "exp!=" + day}, nil
		},
	},
	{
		head: "DTE", name: "dte", width: 3, air: 30,
		note: "calendar days to expiry, in New York",
		draw: drawDTE, key: keyDTE,
		clause: func(c *cell) (clause, error) {
			days := strconv.Itoa(c.dte())
			return clause{"dte=" + days, "dte!=" + days}, nil
		},
	},
	{
		head: "SD", name: "side", width: 3, toStart: true, falls: true, air: 10,
		note:  "side of the quote: A ask, B bid, AA BB beyond, a b near, M between; ? fairly sure, ~ not",
		lacks: noQuotes,
		draw:  drawSide, key: keySide,
		clause: sideClause,
	},
	{
		head: "PREMIUM", name: "premium", width: 7, falls: true, air: 5,
		note: "vwap x size x 100; x 10 for minis",
		draw: drawPremium, key: keyPremium,
		clause: func(c *cell) (clause, error) { return moneyClause("prem", c.row.Premium), nil },
	},
	{
		head: "TOP", name: "top", width: 5, leaves: 5, air: 12,
		note: "rank by premium among the bursts of the ticker, as of the row's last change",
		draw: drawTop, key: keyTop,
		clause: func(c *cell) (clause, error) { return topClause(c.row.Top()), nil },
	},
	{
		head: "SIZE", name: "size", width: 6, falls: true, air: 15,
		note: "contracts in the burst",
		draw: drawSize, key: keySize,
		clause: func(c *cell) (clause, error) { return measured("size", float64(c.row.Size), 1, 0), nil },
	},
	{
		head: "PRT", name: "prints", width: 4, falls: true, leaves: 50, air: 40,
		note: "prints, estimated; exactly 1 without ~",
		draw: drawPrints, key: keyPrints,
		clause: func(c *cell) (clause, error) { return measured32("prints", c.row.Prints, 1, 0), nil },
	},
	{
		head: "PRICE", name: "price", width: 6, falls: true, leaves: 10, air: 35,
		note: "vwap; ≈ where a polled row could only be approximated",
		draw: drawPrice, key: keyPrice,
		clause: func(c *cell) (clause, error) { return measured32("price", c.row.Vwap, 1, 2), nil },
	},
	{
		head: "BID × ASK", name: "quote", width: 15, falls: true, leaves: 100, air: 36,
		note:  "the quote that the side was told by",
		lacks: noQuotes,
		draw:  drawQuote, key: keyQuote,
	},
	{
		head: "VOL", name: "volume", width: 7, falls: true, leaves: 70, air: 25,
		note: "the contract's volume of the day as stated with the row",
		draw: drawVolume, key: keyVolume,
		clause: func(c *cell) (clause, error) { return measured("vol", keyCount(c.row.DayVolume), 1, 0), nil },
	},
	{
		head: "OI", name: "oi", width: 7, falls: true, leaves: 80, air: 45,
		note:  "open interest of yesterday's close",
		lacks: noSnapshots,
		draw:  drawOI, key: keyOI,
		clause: func(c *cell) (clause, error) { return measured("oi", keyCount(c.row.OpenInterest), 1, 0), nil },
	},
	{
		head: "V/OI", name: "v/oi", width: 4, falls: true, leaves: 60, air: 50,
		note:  "volume of the day over open interest",
		lacks: noSnapshots,
		draw:  drawRatio, key: keyRatio,
		clause: ratioClause,
	},
	{
		head: "SPOT", name: "spot", width: 8, falls: true, leaves: 95, air: 55,
		note:  "price of the underlying at the row's time",
		lacks: noSpots,
		draw:  drawSpot, key: keySpot,
		clause: func(c *cell) (clause, error) { return measured32("spot", float32(c.row.SpotPrice()), 1, 2), nil },
	},
	{
		head: "OTM%", name: "otm", width: 6, falls: true, leaves: 40, air: 28,
		note:  "how far out of the money; negative is in, blank for adjusted contracts",
		lacks: noPresentSpot,
		draw:  drawOTM, key: keyOTM,
		clause: func(c *cell) (clause, error) { return measured("otm", c.row.OTM(c.contract), 100, 1), nil },
	},
	{
		head: "IV", name: "iv", width: 4, falls: true, leaves: 90, air: 52,
		note:  "implied volatility",
		lacks: noSnapshots,
		draw:  drawIV, key: keyIV,
		clause: func(c *cell) (clause, error) { return measured32("iv", c.row.IV, 100, 0), nil },
	},
	{
		head: "Δ", name: "delta", width: 5, falls: true, leaves: 92, air: 54,
		note:  "delta",
		lacks: noSnapshots,
		draw:  drawDelta, key: keyDelta,
		clause: deltaClause,
	},
}

// Columns that the tape has to know.
var colTime, colMark, colTick = tapeColumn("time"), tapeColumn("marks"), tapeColumn("ticker")

// tapeColumn is the column of a name.
func tapeColumn(name string) columnID {
	id, ok := columnNamed(name)
	if !ok {
		panic("no column is called " + name)
	}
	return id
}

// columnNamed finds a column by its name or its head.
func columnNamed(name string) (columnID, bool) {
	at := named(tapeColumns, name)
	return columnID(max(at, 0)), at >= 0
}

// columnSet are columns of the tape, a bit each.
type columnSet uint64

func (s columnSet) has(id columnID) bool { return s&(1<<id) != 0 }

// ColumnNames are the names of the tape's columns, in the order in which they stand.
func ColumnNames() (names []string) {
	for i := range tapeColumns {
		names = append(names, tapeColumns[i].name)
	}
	return names
}

// hiddenBut is which columns a choice of names leaves out; no name chooses all.
func hiddenBut(names []string) (hidden columnSet, err error) {
	if len(names) == 0 {
		return 0, nil
	}
	for i := range tapeColumns {
		if !tapeColumns[i].always {
			hidden |= 1 << i
		}
	}
	for _, name := range names {
		id, ok := columnNamed(name)
		if !ok {
			return hidden, fmt.Errorf("column %q: there are %s", name, strings.Join(ColumnNames(), ", "))
		}
		hidden &^= 1 << id
	}
	return hidden, nil
}

// CheckColumns reports a name that no column has.
func CheckColumns(names []string) error {
	_, err := hiddenBut(names)
	return err
}

// gone are the columns that can have no value with this plan, and so give up
// their place.
func gone(plan model.Plan) (missing columnSet) {
	for i := range tapeColumns {
		if tapeColumns[i].whyGone(plan) != "" {
			missing |= 1 << i
		}
	}
	return missing
}

// whyGone says why a column has no value with this plan, "" if it has.
func (c *column[T]) whyGone(plan model.Plan) string {
	if !plan.Known || c.lacks == nil {
		return ""
	}
	return c.lacks(plan)
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
	if why := noSpots(plan); why != "" || !spotsLag(plan) {
		return why
	}
	return "the plan's stock prices are late, the options are not"
}

// spotsLag reports whether stock prices are late beside real-time options. Where
// both are late they go together.
func spotsLag(plan model.Plan) bool { return plan.SpotDelayed && plan.Delayed == 0 }

// fixedColumns is how many columns stay in place when the others scroll.
var fixedColumns = columnID(slices.IndexFunc(tapeColumns, func(c column[cell]) bool { return !c.fixed }))
