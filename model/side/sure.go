package side

import "optflow/model"

// Limits of what quotes can say of a window of trades, in ms (docs/sides.md).
const (
	// SureBefore is how long before a window a quote counts as one of those that
	// its trades may have met: the two clocks, that of the trades and that of the
	// quotes, do not agree to the millisecond.
	SureBefore = 250
	// SureAfter is how long after a window's end, in market time as we know it, a
	// snapshot must be asked for to show what was in force at the end: the vendor's
	// REST is about half a second behind its stream, and our clock, set by Date
	// headers of whole seconds that travel for up to another, may be two seconds
	// fast. Bars take as long to arrive, so it costs next to nothing.
	SureAfter = 2_500
	// FairBefore is how long before a window a quote may have been read and still
	// count as the reading before it.
	FairBefore = 60_000
)

// Hindsight is how much later than a window, in ms, what is frozen with it may
// be from. A spot or a quote of half an hour after says nothing of where the
// trades of a row of history took place.
const Hindsight = 60_000

// Family is what the letters of one side have in common.
type Family uint8

const (
	familyNone Family = iota
	FamilyMid         // M
	FamilyAsk         // A AA a
	FamilyBid         // B BB b
	Families
)

var familyOf = [model.NumSides]Family{
	model.SideMid: FamilyMid,
	model.SideAsk: FamilyAsk, model.SideAboveAsk: FamilyAsk, model.SideNearAsk: FamilyAsk,
	model.SideBid: FamilyBid, model.SideBelowBid: FamilyBid, model.SideNearBid: FamilyBid,
}

// FamilyOf is the family of a side.
func FamilyOf(s model.Side) Family { return familyOf[s] }

// claims is how much a letter claims among those of its family.
var claims = [model.NumSides]uint8{model.SideNearAsk: 1, model.SideNearBid: 1, model.SideAsk: 2, model.SideBid: 2, model.SideAboveAsk: 3, model.SideBelowBid: 3}

// Trades are what is known of a window's trades: prices in dollars per share,
// times in ms of market time.
type Trades struct {
	Low, High, Vwap float64
	Start           int64
	Span            model.Span
}

// TradesOf are those of a row.
func TradesOf(r *model.Row) Trades {
	return Trades{Low: float64(r.Low), High: float64(r.High), Vwap: float64(r.Vwap), Start: r.Start, Span: r.Span}
}

func (t *Trades) End() int64 { return t.Start + int64(t.Span) }

// Verdict is a side, how sure it is, and the quote that it rests on.
type Verdict struct {
	Side      model.Side
	Certainty model.Certainty
	Quote     model.Quote
}

// Judge says on which side trades were by the quotes in force, given as they
// changed (Updated), the newest first. It is sure when every one of them from
// SureBefore before the window to its end puts them into the same family, under
// the letter that claims least (AA only if the trades were beyond each), and, if
// that is M, the window's prices leave no doubt of it; with a doubt it is fair. If
// the quotes do not agree, no more is known than what the quote at the window's
// start says. There is no verdict when they agree and do not reach back to before
// it.
func Judge(t Trades, quotes []model.Quote) (v Verdict, ok bool) {
	agree, proven := true, true
	var begin model.Quote // in force at the window's start, or the oldest there is
	for _, q := range quotes {
		if q.Updated >= t.End() {
			continue
		}
		if begin.Updated == 0 || begin.Updated > t.Start {
			begin = q
		}
		side := t.against(q)
		switch {
		case v.Certainty == model.CertaintyNone:
			v = Verdict{side, model.CertaintySure, q}
			agree = side != model.SideUnknown
		case familyOf[side] != familyOf[v.Side]:
			agree = false
		case claims[side] < claims[v.Side]:
			v.Side, v.Quote = side, q
		}
		proven = proven && t.proves(side, &q)
		switch {
		case agree && q.Updated <= t.Start-SureBefore:
			if !proven {
				v = v.fairly()
			}
			return v, true
		case !agree && begin.Updated <= t.Start:
			return Loosely(t, begin), true
		}
	}
	if agree {
		return Verdict{}, false
	}
	return Loosely(t, begin), true
}

// proves reports whether the window's prices leave no doubt about M: that
// neither side holds most of its size. Where low and high lie apart their vwap may
// be made of much on one side and little far on the other. Of A, B, AA and BB all
// of it is known to be on the side, and of a and b the vwap is.
func (t *Trades) proves(side model.Side, q *model.Quote) bool {
	if side != model.SideMid {
		return true
	}
	quarter := (q.Ask - q.Bid) / 4
	if t.Span >= model.Minute {
		quarter = 0 // it has no a and b
	}
	upper, lower := q.Ask-quarter, q.Bid+quarter // from here on it is the ask's side, the bid's
	const slack = 1e-6
	// At worst all the rest was as far away as it can be.
	ask := t.High >= upper-slack && t.Vwap-t.Low >= most*(upper-t.Low)
	bid := t.Low <= lower+slack && t.High-t.Vwap >= most*(t.High-lower)
	return !ask && !bid
}

// most is the share of its size that a window's or a burst's side must hold for.
const most = 0.7

// fairly is a verdict that is not proven: nothing is claimed to be beyond a quote
// that was not looked at.
func (v Verdict) fairly() Verdict {
	v.Side, v.Certainty = withinQuote(v.Side), model.CertaintyFair
	return v
}

// withinQuote takes back the claim that trades were beyond the quote.
func withinQuote(s model.Side) model.Side {
	switch s {
	case model.SideAboveAsk:
		return model.SideAsk
	case model.SideBelowBid:
		return model.SideBid
	}
	return s
}

// Loosely is what one quote says where others may have been in force. It is never
// that trades were beyond it: it is likelier to have moved.
func Loosely(t Trades, q model.Quote) Verdict {
	v := Verdict{Side: withinQuote(t.against(q)), Certainty: model.CertaintyLoose, Quote: q}
	if v.Side == model.SideUnknown {
		v.Certainty = model.CertaintyNone
	}
	return v
}
