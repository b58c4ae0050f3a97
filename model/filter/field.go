package filter

import (
	"math"
	"slices"
	"strings"

	"optflow/model"
)

// unit says how a field's values are written.
type unit uint8

const (
	unitMoney    unit = iota // dollars, with k m b
	unitCount                // with k m b
	unitNumber               // plain
	unitPercent              // 5 and 5% are both 5 %
	unitDate                 // 18dec, dec, fri, 2026-12-18
	unitDuration             // 90s, 5m, 2h
	unitClock                // 10:30, 10:30:15
	unitSide
	unitMark
	unitSource
	unitName // root, ticker
)

// getter reads a field as a number, NaN when it is not known.
type getter func(r *model.Burst, c *model.Contract) float64

// field is a name that stands before an operator.
type field struct {
	name    string
	aliases []string
	unit    unit
	of      string // what its values are; only the same is compared with each other
	lack    Lack
	single  bool // held as float32: what it is compared with is rounded the same
	cost    int  // of evaluating, roughly in ns: cheap tests go first
	get     getter
	example string
	help    string
}

var fields = []*field{
	{name: "prem", aliases: []string{"premium"}, unit: unitMoney, of: "dollars of premium", lack: LackPremium, cost: 1, get: premium, example: "prem>=250k", help: "premium in dollars"},
	{name: "size", unit: unitCount, of: "contracts", cost: 1, get: size, example: "size>500", help: "contracts"},
	{name: "vol", aliases: []string{"volume"}, unit: unitCount, of: "contracts", lack: LackVolume, cost: 1, get: volume, example: "vol>=1000", help: "the contract's volume of the day"},
	{name: "oi", unit: unitCount, of: "contracts", lack: LackOI, cost: 1, get: openInterest, example: "oi<100", help: "open interest, of yesterday's close"},
	{name: "vol/oi", aliases: []string{"v/oi"}, unit: unitNumber, of: "ratios", lack: LackVolume | LackOI, cost: 2, get: volumeOverOI, example: "vol/oi>2", help: "volume of the day over open interest"},
	{name: "prints", aliases: []string{"prt"}, unit: unitCount, of: "prints", lack: LackPrints, single: true, cost: 1, get: prints, example: "prints=1", help: "number of prints, estimated"},
	{name: "dte", unit: unitNumber, of: "days", cost: 3, get: dte, example: "dte<=7", help: "calendar days to expiry"},
	{name: "exp", aliases: []string{"expiry"}, unit: unitDate, of: "dates", cost: 2, get: expiry, example: "exp<=18dec", help: "expiry"},
	{name: "strike", unit: unitNumber, of: "dollars a share", cost: 2, get: strike, example: "strike=170..190", help: "strike in dollars"},
	{name: "price", unit: unitNumber, of: "dollars a share", lack: LackPrice, single: true, cost: 1, get: price, example: "price<2", help: "vwap in dollars a share"},
	{name: "spot", unit: unitNumber, of: "dollars a share", lack: LackSpot, single: true, cost: 1, get: spot, example: "spot>180", help: "the underlying's price at the row's time"},
	{name: "iv", unit: unitPercent, of: "percent of spot", lack: LackIV, single: true, cost: 1, get: iv, example: "iv>60", help: "implied volatility in percent"},
	{name: "delta", unit: unitNumber, of: "deltas", lack: LackDelta, single: true, cost: 1, get: delta, example: "delta>0.4", help: "delta, negative for puts"},
	{name: "otm", unit: unitPercent, of: "percent of spot", lack: LackSpot, cost: 3, get: otm, example: "otm>5%", help: "how far out of the money, in percent of spot"},
	{name: "top", unit: unitPercent, of: "ranks", lack: LackRank, single: true, cost: 1, get: top, example: "top<=5%", help: "rank by premium among the ticker's bursts of the session"},
	{name: "age", unit: unitDuration, of: "ages", cost: 1, example: "age<5m", help: "time since the row began"},
	{name: "time", unit: unitClock, of: "times of day", cost: 4, example: "time>=10:30", help: "when the row began, New York time"},
	{name: "side", unit: unitSide, of: "sides", lack: LackSide, cost: 1, example: "side=ask", help: "ask (A, AA and a), bid, mid, or the letters"},
	{name: "mark", unit: unitMark, of: "marks", cost: 6, example: "mark=U", help: "a mark: W, U, u, >, = or !"},
	{name: "source", unit: unitSource, of: "sources", cost: 1, example: "source=rest", help: "ws, rest or backfill"},
	{name: "root", unit: unitName, of: "roots", cost: 3, example: "root=spxw", help: "the option root"},
	{name: "ticker", unit: unitName, of: "tickers", cost: 3, example: "ticker=nvda", help: "the underlying"},
}

func fieldNamed(name string) *field {
	name = strings.ToLower(name)
	for _, f := range fields {
		if f.name == name || slices.Contains(f.aliases, name) {
			return f
		}
	}
	return nil
}

func premium(r *model.Burst, _ *model.Contract) float64 {
	if r.Kind == model.KindGap {
		return math.NaN()
	}
	return r.Premium
}

func known(n uint32) float64 {
	if n == model.UnknownCount {
		return math.NaN()
	}
	return float64(n)
}

func size(r *model.Burst, _ *model.Contract) float64         { return float64(r.Size) }
func volume(r *model.Burst, _ *model.Contract) float64       { return known(r.DayVolume) }
func openInterest(r *model.Burst, _ *model.Contract) float64 { return known(r.OpenInterest) }
func volumeOverOI(r *model.Burst, _ *model.Contract) float64 { return r.VolumeOverOI() }
func prints(r *model.Burst, _ *model.Contract) float64       { return float64(r.Prints) }
func expiry(_ *model.Burst, c *model.Contract) float64       { return float64(c.Expiry) }
func strike(_ *model.Burst, c *model.Contract) float64       { return c.StrikePrice() }
func spot(r *model.Burst, _ *model.Contract) float64         { return r.SpotPrice() }
func iv(r *model.Burst, _ *model.Contract) float64           { return float64(r.IV) }
func delta(r *model.Burst, _ *model.Contract) float64        { return float64(r.Delta) }
func top(r *model.Burst, _ *model.Contract) float64          { return r.Top() }
func otm(r *model.Burst, c *model.Contract) float64          { return r.OTM(c) }

func dte(r *model.Burst, c *model.Contract) float64 {
	return float64(c.DTE(model.TradingDate(r.Start)))
}

func price(r *model.Burst, _ *model.Contract) float64 {
	if r.Kind == model.KindGap {
		return math.NaN()
	}
	return float64(r.Vwap)
}
