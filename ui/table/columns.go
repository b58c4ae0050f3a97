package table

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"optflow/model"
	"optflow/ui/format"
)

// Cell is what a column of the tape draws from: a burst with its contract.
type Cell struct {
	Row      *model.Row
	Contract *model.Contract
	Marks    model.Marks
	Zone     *format.Zone
}

func (c *Cell) dte() int { return c.Contract.DTE(model.TradingDate(c.Row.Start)) }

// ID is the place of a column in Tape.
type ID uint8

// Tape are the columns of the tape in the order in which they stand. A
// column more is one more of these.
var Tape = []Column[Cell]{
	{
		Head: "TIME", Name: "time", Width: 8, ToStart: true, Falls: true, Air: 90, Fixed: true, Always: true,
		Note: "start of the burst",
		Draw: drawTime, Key: keyTime,
		Clause: func(c *Cell) (Clause, error) {
			at := newYorkMinute(c.Row.Start)
			return Clause{"time=" + at, "time!=" + at}, nil
		},
	},
	{
		Head: "MARK", Name: "marks", Width: 4, ToStart: true, Falls: true, Air: 80, Fixed: true, Narrow: true,
		Note: "W whale, U turned unusual, u was unusual, > above open interest, = twin",
		Draw: drawMark, Key: keyMark,
		Clause: func(c *Cell) (Clause, error) { return markClause(c.Marks) },
	},
	{
		Head: "TICK", Name: "ticker", Width: 5, ToStart: true, Air: 70, Fixed: true, Always: true,
		Note: "underlying",
		Draw: drawTick, Key: keyTick,
		Clause: func(c *Cell) (Clause, error) { return TickerClause(c.Contract.Underlying), nil },
	},
	{
		Head: "STRIKE", Name: "strike", Width: 9, Air: 60, Fixed: true, Always: true, Narrow: true,
		Note: "strike, C call or P put; * adjusted: not 100 shares for 100 times the strike",
		Draw: drawStrike, Key: keyStrike,
		Clause: strikeClause,
	},
	{
		Head: "EXPIRY", Name: "expiry", Width: 7, ToStart: true, Air: 20,
		Note: "day of expiry",
		Draw: drawExpiry, Key: keyExpiry,
		Clause: func(c *Cell) (Clause, error) {
			day := strings.ToLower(c.Contract.Expiry.UTC().Format("2Jan2006"))
			return Clause{"exp=" + day, "exp!=" + day}, nil
		},
	},
	{
		Head: "DTE", Name: "dte", Width: 3, Air: 30,
		Note: "calendar days to expiry, in New York",
		Draw: drawDTE, Key: keyDTE,
		Clause: func(c *Cell) (Clause, error) {
			days := strconv.Itoa(c.dte())
			return Clause{"dte=" + days, "dte!=" + days}, nil
		},
	},
	{
		Head: "SD", Name: "side", Width: 3, ToStart: true, Falls: true, Air: 10,
		Note:  "side of the quote: A ask, B bid, AA BB beyond, a b near, M between; ? fairly sure, ~ not",
		Lacks: noQuotes,
		Draw:  drawSide, Key: keySide,
		Clause: sideClause,
	},
	{
		Head: "PREMIUM", Name: "premium", Width: 7, Falls: true, Air: 5,
		Note: "vwap x size x 100; x 10 for minis",
		Draw: drawPremium, Key: keyPremium,
		Clause: func(c *Cell) (Clause, error) { return moneyClause("prem", c.Row.Premium), nil },
	},
	{
		Head: "TOP", Name: "top", Width: 5, Leaves: 5, Air: 12,
		Note: "rank by premium among the bursts of the ticker, as of the row's last change",
		Draw: drawTop, Key: keyTop,
		Clause: func(c *Cell) (Clause, error) { return topClause(c.Row.Top()), nil },
	},
	{
		Head: "SIZE", Name: "size", Width: 6, Falls: true, Air: 15,
		Note: "contracts in the burst",
		Draw: drawSize, Key: keySize,
		Clause: func(c *Cell) (Clause, error) { return measured("size", float64(c.Row.Size), 1, 0), nil },
	},
	{
		Head: "PRT", Name: "prints", Width: 4, Falls: true, Leaves: 50, Air: 40,
		Note: "prints, estimated; exactly 1 without ~",
		Draw: drawPrints, Key: keyPrints,
		Clause: func(c *Cell) (Clause, error) { return measured32("prints", c.Row.Prints, 1, 0), nil },
	},
	{
		Head: "PRICE", Name: "price", Width: 6, Falls: true, Leaves: 10, Air: 35,
		Note: "vwap; ≈ where a polled row could only be approximated",
		Draw: drawPrice, Key: keyPrice,
		Clause: func(c *Cell) (Clause, error) { return measured32("price", c.Row.Vwap, 1, 2), nil },
	},
	{
		Head: "BID × ASK", Name: "quote", Width: 15, Falls: true, Leaves: 100, Air: 36,
		Note:  "the quote that the side was told by",
		Lacks: noQuotes,
		Draw:  drawQuote, Key: keyQuote,
	},
	{
		Head: "VOL", Name: "volume", Width: 7, Falls: true, Leaves: 70, Air: 25,
		Note: "the contract's volume of the day as stated with the row",
		Draw: drawVolume, Key: keyVolume,
		Clause: func(c *Cell) (Clause, error) { return measured("vol", keyCount(c.Row.DayVolume), 1, 0), nil },
	},
	{
		Head: "OI", Name: "oi", Width: 7, Falls: true, Leaves: 80, Air: 45,
		Note:  "open interest of yesterday's close",
		Lacks: noSnapshots,
		Draw:  drawOI, Key: keyOI,
		Clause: func(c *Cell) (Clause, error) { return measured("oi", keyCount(c.Row.OpenInterest), 1, 0), nil },
	},
	{
		Head: "V/OI", Name: "v/oi", Width: 4, Falls: true, Leaves: 60, Air: 50,
		Note:  "volume of the day over open interest",
		Lacks: noSnapshots,
		Draw:  drawRatio, Key: keyRatio,
		Clause: ratioClause,
	},
	{
		Head: "SPOT", Name: "spot", Width: 8, Falls: true, Leaves: 95, Air: 55,
		Note:  "price of the underlying at the row's time",
		Lacks: noSpots,
		Draw:  drawSpot, Key: keySpot,
		Clause: func(c *Cell) (Clause, error) { return measured32("spot", float32(c.Row.SpotPrice()), 1, 2), nil },
	},
	{
		Head: "OTM%", Name: "otm", Width: 6, Falls: true, Leaves: 40, Air: 28,
		Note:  "how far out of the money; negative is in, blank for adjusted contracts",
		Lacks: noPresentSpot,
		Draw:  drawOTM, Key: keyOTM,
		Clause: func(c *Cell) (Clause, error) { return measured("otm", c.Row.OTM(c.Contract), 100, 1), nil },
	},
	{
		Head: "IV", Name: "iv", Width: 4, Falls: true, Leaves: 90, Air: 52,
		Note:  "implied volatility",
		Lacks: noSnapshots,
		Draw:  drawIV, Key: keyIV,
		Clause: func(c *Cell) (Clause, error) { return measured32("iv", c.Row.IV, 100, 0), nil },
	},
	{
		Head: "Δ", Name: "delta", Width: 5, Falls: true, Leaves: 92, Air: 54,
		Note:  "delta",
		Lacks: noSnapshots,
		Draw:  drawDelta, Key: keyDelta,
		Clause: deltaClause,
	},
}

// Columns that the tape has to know.
var Time, Mark, Tick = TapeColumn("time"), TapeColumn("marks"), TapeColumn("ticker")

// TapeColumn is the column of a name.
func TapeColumn(name string) ID {
	id, ok := Find(name)
	if !ok {
		panic("no column is called " + name)
	}
	return id
}

// Find finds a column by its name or its head.
func Find(name string) (ID, bool) {
	at := Named(Tape, name)
	return ID(max(at, 0)), at >= 0
}

// Set are columns of the tape, a bit each.
type Set uint64

func (s Set) Has(id ID) bool { return s&(1<<id) != 0 }

// Names are the names of the tape's columns, in the order in which they stand.
func Names() (names []string) {
	for i := range Tape {
		names = append(names, Tape[i].Name)
	}
	return names
}

// HiddenBut is which columns a choice of names leaves out; no name chooses all.
func HiddenBut(names []string) (hidden Set, err error) {
	if len(names) == 0 {
		return 0, nil
	}
	for i := range Tape {
		if !Tape[i].Always {
			hidden |= 1 << i
		}
	}
	for _, name := range names {
		id, ok := Find(name)
		if !ok {
			return hidden, fmt.Errorf("column %q: there are %s", name, strings.Join(Names(), ", "))
		}
		hidden &^= 1 << id
	}
	return hidden, nil
}

// Check reports a name that no column has.
func Check(names []string) error {
	_, err := HiddenBut(names)
	return err
}

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
	if why := noSpots(plan); why != "" || !SpotsLag(plan) {
		return why
	}
	return "the plan's stock prices are late, the options are not"
}

// SpotsLag reports whether stock prices are late beside real-time options. Where
// both are late they go together.
func SpotsLag(plan model.Plan) bool { return plan.SpotDelayed && plan.Delayed == 0 }

// fixedColumns is how many columns stay in place when the others scroll.
var fixedColumns = ID(slices.IndexFunc(Tape, func(c Column[Cell]) bool { return !c.Fixed }))
