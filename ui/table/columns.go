package table

import (
	"strconv"
	"strings"

	"optflow/model"
	"optflow/ui/format"
)

// Cell is what a column of the tape draws from: a burst with its contract.
type Cell struct {
	Row      *model.Burst
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
		Head: "TIME", Name: "time", Letter: "t", Width: 8, ToStart: true, Falls: true, Air: 90, Fixed: true, Always: true,
		Note: "start of the burst",
		Draw: drawTime, Key: keyTime,
		Clause: func(c *Cell) (Clause, error) {
			at := newYorkMinute(c.Row.Start)
			return Clause{"time=" + at, "time!=" + at}, nil
		},
	},
	{
		Head: "MARK", Name: "marks", Letter: "m", Width: 4, ToStart: true, Falls: true, Air: 80, Fixed: true, Narrow: true,
		Note: "W whale, U turned unusual, u was unusual, > above open interest, = twin, ! fired an alert",
		Draw: drawMark, Key: keyMark,
		Clause: func(c *Cell) (Clause, error) { return markClause(c.Marks) },
	},
	{
		Head: "TICK", Name: "ticker", Letter: "k", Width: 5, ToStart: true, Air: 70, Fixed: true, Always: true,
		Note: "underlying",
		Draw: drawTick, Key: keyTick,
		Clause: func(c *Cell) (Clause, error) { return TickerClause(c.Contract.Underlying), nil },
	},
	{
		Head: "STRIKE", Name: "strike", Letter: "r", Width: 9, Air: 60, Fixed: true, Always: true, Narrow: true,
		Note: "strike, C call or P put; * adjusted: not 100 shares for 100 times the strike",
		Draw: drawStrike, Key: keyStrike,
		Clause: strikeClause,
	},
	{
		Head: "EXPIRY", Name: "expiry", Letter: "e", Width: 7, ToStart: true, Air: 20,
		Note: "day of expiry",
		Draw: drawExpiry, Key: keyExpiry,
		Clause: func(c *Cell) (Clause, error) {
			day := strings.ToLower(c.Contract.Expiry.UTC().Format("2Jan2006"))
			return Clause{"exp=" + day, "exp!=" + day}, nil
		},
	},
	{
		Head: "DTE", Name: "dte", Letter: "d", Width: 3, Air: 30,
		Note: "calendar days to expiry, in New York",
		Draw: drawDTE, Key: keyDTE,
		Clause: func(c *Cell) (Clause, error) {
			days := strconv.Itoa(c.dte())
			return Clause{"dte=" + days, "dte!=" + days}, nil
		},
	},
	{
		Head: "SD", Name: "side", Letter: "a", Width: 3, ToStart: true, Falls: true, Air: 10,
		Note:  "side of the quote: A ask, B bid, AA BB beyond, a b near, M between; ? fairly sure, ~ not",
		Lacks: noQuotes,
		Draw:  drawSide, Key: keySide,
		Clause: sideClause,
	},
	{
		Head: "PREMIUM", Name: "premium", Letter: "p", Width: 7, Falls: true, Air: 5,
		Note: "vwap x size x 100; x 10 for minis",
		Draw: drawPremium, Key: keyPremium,
		Clause: func(c *Cell) (Clause, error) { return moneyClause("prem", c.Row.Premium), nil },
	},
	{
		Head: "TOP", Name: "top", Letter: "h", Width: 5, Leaves: 5, Air: 12,
		Note: "rank by premium among the bursts of the ticker, as of the row's last change",
		Draw: drawTop, Key: keyTop,
		Clause: func(c *Cell) (Clause, error) { return topClause(c.Row.Top()), nil },
	},
	{
		Head: "SIZE", Name: "size", Letter: "s", Width: 6, Falls: true, Air: 15,
		Note: "contracts in the burst",
		Draw: drawSize, Key: keySize,
		Clause: func(c *Cell) (Clause, error) { return measured("size", float64(c.Row.Size), 1, 0), nil },
	},
	{
		Head: "PRT", Name: "prints", Letter: "n", Width: 4, Falls: true, Leaves: 50, Air: 40,
		Note: "prints, estimated; exactly 1 without ~",
		Draw: drawPrints, Key: keyPrints,
		Clause: func(c *Cell) (Clause, error) { return measured32("prints", c.Row.Prints, 1, 0), nil },
	},
	{
		Head: "PRICE", Name: "price", Letter: "c", Width: 6, Falls: true, Leaves: 10, Air: 35,
		Note: "vwap; ≈ where a polled row could only be approximated",
		Draw: drawPrice, Key: keyPrice,
		Clause: func(c *Cell) (Clause, error) { return measured32("price", c.Row.Vwap, 1, 2), nil },
	},
	{
		Head: "BID × ASK", Name: "quote", Letter: "q", Width: 15, Falls: true, Leaves: 100, Air: 36,
		Note:  "the quote that the side was told by",
		Lacks: noQuotes,
		Draw:  drawQuote, Key: keyQuote,
	},
	{
		Head: "VOL", Name: "volume", Letter: "v", Width: 7, Falls: true, Leaves: 70, Air: 25,
		Note: "the contract's volume of the day as stated with the row",
		Draw: drawVolume, Key: keyVolume,
		Clause: func(c *Cell) (Clause, error) { return measured("vol", keyCount(c.Row.DayVolume), 1, 0), nil },
	},
	{
		Head: "OI", Name: "oi", Letter: "o", Width: 7, Falls: true, Leaves: 80, Air: 45,
		Note:  "open interest of yesterday's close",
		Lacks: noSnapshots,
		Draw:  drawOI, Key: keyOI,
		Clause: func(c *Cell) (Clause, error) { return measured("oi", keyCount(c.Row.OpenInterest), 1, 0), nil },
	},
	{
		Head: "V/OI", Name: "v/oi", Letter: "u", Width: 4, Falls: true, Leaves: 60, Air: 50,
		Note:  "volume of the day over open interest",
		Lacks: noSnapshots,
		Draw:  drawRatio, Key: keyRatio,
		Clause: ratioClause,
	},
	{
		Head: "SPOT", Name: "spot", Letter: "x", Width: 8, Falls: true, Leaves: 95, Air: 55,
		Note:  "price of the underlying at the row's time",
		Lacks: noSpots,
		Draw:  drawSpot, Key: keySpot,
		Clause: func(c *Cell) (Clause, error) { return measured32("spot", float32(c.Row.SpotPrice()), 1, 2), nil },
	},
	{
		Head: "OTM%", Name: "otm", Letter: "y", Width: 6, Falls: true, Leaves: 40, Air: 28,
		Note:  "how far out of the money; negative is in, blank for adjusted contracts",
		Lacks: noPresentSpot,
		Draw:  drawOTM, Key: keyOTM,
		Clause: func(c *Cell) (Clause, error) { return measured("otm", c.Row.OTM(c.Contract), 100, 1), nil },
	},
	{
		Head: "IV", Name: "iv", Letter: "i", Width: 4, Falls: true, Leaves: 90, Air: 52,
		Note:  "implied volatility",
		Lacks: noSnapshots,
		Draw:  drawIV, Key: keyIV,
		Clause: func(c *Cell) (Clause, error) { return measured32("iv", c.Row.IV, 100, 0), nil },
	},
	{
		Head: "Δ", Name: "delta", Letter: "l", Width: 5, Falls: true, Leaves: 92, Air: 54,
		Note:  "delta",
		Lacks: noSnapshots,
		Draw:  drawDelta, Key: keyDelta,
		Clause: deltaClause,
	},
}
