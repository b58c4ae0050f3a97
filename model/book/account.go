package book

import (
	"math"
	"slices"

	"optflow/model"
)

// account is one contract's day. Everything that is a part of the invariant is
// recomputed in balance from what is stored here.
type account struct {
	id       model.ContractID
	call     bool
	unknown  bool // first heard of after an outage: what came before is a gap, not past
	queued   bool // in Book.queue
	checking bool // in Book.checks

	day    *bookDay
	ledger *ledger // of its underlying
	sums   *sums   // of its root, one of the ledger's
	facts  *facts

	// What was heard.
	windows    windows
	exact      int64 // sum of the latest versions of the windows, without past ones
	history    int64 // sum of the past ones
	historyEnd int64 // ms: nothing in them ends later
	volume     int64 // largest day volume heard
	volumeAt   int64 // ms: how far event time had come when it was heard
	fall       fall
	baseline   int64   // day volume of the first snapshot, -1 none
	baseAt     int64   // ms: up to when the baseline certainly counts
	first      int64   // smallest av - v of a stream window's first version, -1 none
	firstAt    int64   // ms: where the first window that said it starts
	streamed   int64   // ms: where the earliest window of the stream starts, 0 none
	heard      int64   // ms: earliest event time at which anything was heard of the contract
	covered    int64   // ms: up to when a snapshot agreed that nothing is missing, or what is
	checks     *checks // snapshots that the stream has not caught up with, nil none

	// What follows from it.
	total   int64 // the day
	past    int64
	polled  int64
	missing int64 // pending and gaps
	polls   []poll
	lent    int64    // what the polled rows gave for want of a larger day alone
	holes   []hole   // what is missing, by time
	closed  []gapKey // identities of gap rows that are filled
	openAt  uint32   // place in day.open, from 1; 0 not there
	revised uint32   // windows that were corrected

	// For views.
	dayVwap                float64 // NaN unknown
	vwapOf                 int64   // the day volume that dayVwap was stated with
	open, high, low, close float64
	lastEnd                int64   // ms: end of the newest window or polled row
	premium                float64 // what is booked in the ledger
	booked                 int64   // volume booked in the ledger
}

// fall is a day volume below the one booked, which counts once a second, later
// statement agrees.
type fall struct {
	volume int64
	at     int64 // ms; 0 none
}

// account returns a contract's account of a day, opening it at a statement
// about the time at. It is nil for a contract that is not in the registry, and
// for one more than may trade.
func (all *days) account(day *bookDay, id model.ContractID, at int64) *account {
	if a := day.held(id); a != nil {
		if at < a.heard {
			a.heard = at
			all.place(a)
		}
		return a
	}
	if day.many >= model.MaxTrading {
		return nil
	}
	f := all.known.factsOf(id)
	if f == nil {
		return nil
	}
	for int(id) >= len(day.accounts) {
		day.accounts = append(day.accounts, nil)
	}
	c := all.tape.Contracts.At(id)
	l := day.ledger(c.Underlying, all.known.source(c.Underlying, at))
	a := &account{
		id: id, call: c.Type == model.Call, day: day, facts: f, ledger: l, sums: day.sumsOf(c.Root, l),
		baseline: -1, first: -1, heard: at,
		dayVwap: model.Unknown, open: model.Unknown, high: model.Unknown, low: model.Unknown, close: model.Unknown,
	}
	noted := day.noted(id)
	if since := max(a.ledger.swept, day.from+int64(noted)); noted > 0 || a.ledger.swept > 0 && noted != vague {
		a.setBaseline(0, since)
		a.heard = min(a.heard, since)
	}
	day.accounts[id] = a
	if day.many++; day.many == model.MaxTrading {
		all.tellFull()
	}
	all.place(a)
	return a
}

// tellFull tells the registry whether the current date has all the accounts that
// there may be, so that the stream names no contracts in vain.
func (all *days) tellFull() {
	day := all.today()
	all.tape.Registry.SetFull(day != nil && day.many >= model.MaxTrading)
}

// place decides whether the contract was first heard of after an outage in
// which its ticker was followed already, with no baseline to tell what traded
// before.
func (all *days) place(a *account) {
	a.unknown = false
	if a.baseline >= 0 {
		return
	}
	for _, o := range a.day.outages {
		if o.from <= a.heard && o.from >= a.ledger.u.since {
			a.unknown = true
			return
		}
	}
}

// setBaseline books what a snapshot said before the contract was watched; the
// smallest counts.
func (a *account) setBaseline(volume, at int64) {
	if a.baseline < 0 || volume < a.baseline {
		a.baseline, a.baseAt = volume, at
	}
}

// candidate is what traded before we looked, as far as the statements tell;
// where none was made, as far as the bars of the past show.
func (a *account) candidate() int64 {
	switch {
	case a.unknown:
		return 0
	case a.baseline < 0 && a.first < 0:
		return a.history
	case a.baseline < 0:
		return a.first
	case a.first < 0:
		return a.baseline
	}
	return min(a.baseline, a.first)
}

// pinPast keeps what is missing from now on out of the past: what was said of that
// may count some seconds that are in windows as well, and an outage would hide in
// them.
func (a *account) pinPast() {
	left := a.past + a.polled // which may give way to it
	switch {
	case a.unknown || a.candidate() <= left:
	case a.baseline >= 0 && (a.first < 0 || a.baseline <= a.first):
		a.baseline = left
	case a.first >= 0:
		a.first = left
	}
}

// state books a day volume that was heard when event time had come to at. A
// fall counts only when two statements that are certainly later agree, since
// late, repeated and reordered ones state lower volumes all the time.
func (a *account) state(volume, at int64, vwap float64) {
	switch {
	case volume >= a.volume:
		if volume > a.volume || at > a.volumeAt {
			a.volumeAt = max(a.volumeAt, at)
			a.fall = fall{}
		}
		a.volume = volume
		a.stateVwap(volume, vwap)
	case at < a.volumeAt+fallMargin || at <= a.fall.at:
	case a.fall.at == 0 || volume < a.fall.volume:
		a.fall = fall{volume: volume, at: at}
	default:
		a.volume, a.volumeAt, a.fall = volume, at, fall{}
		a.stateVwap(volume, vwap)
	}
}

// stateVwap books the day's vwap that came with a day volume, if one did.
func (a *account) stateVwap(volume int64, vwap float64) {
	if vwap > 0 {
		a.dayVwap, a.vwapOf = vwap, volume
	}
}

// fallMargin is how much later than the largest one, in ms, a lower day volume
// must be to be a correction: snapshots lie up to 15 s behind, and bars of one
// time arrive within a few seconds of each other.
const fallMargin = 20_000

// prices books what a statement says of the day's prices, for the views.
func (a *account) prices(open, high, low, last float64) {
	if high > 0 && !(a.high >= high) {
		a.high = high
	}
	if low > 0 && !(a.low <= low) {
		a.low = low
	}
	if last > 0 {
		a.close = last
	}
	if open > 0 && !(a.open > 0) {
		a.open = open
	}
}

// view is the account as the faces see it.
func (a *account) view() model.Account {
	f := a.facts
	v := model.Account{
		Contract: a.id, Date: a.day.date,
		Day: a.total, Past: a.past, Exact: a.exact, Polled: a.polled,
		DayVwap: a.dayVwap, DayOpen: a.open, DayHigh: a.high, DayLow: a.low, DayClose: a.close,
		Premium: a.dayPremium(), Last: a.lastEnd, Windows: a.windows.len(), Revised: int(a.revised),
		OpenInterest: f.openInterest, IV: f.iv, Delta: f.delta, Gamma: f.gamma, Theta: f.theta, Vega: f.vega, Quote: f.quote,
	}
	for i := range a.holes {
		switch c := &a.holes[i]; {
		case c.pending:
			v.Pending += c.amount
		default:
			v.Gaps += c.amount
			if c.lost() {
				v.Lost += c.amount
			}
		}
	}
	return v
}

// dayPremium is day volume x day vwap x multiplier, with the last price where
// the source states no vwap.
func (a *account) dayPremium() float64 {
	price := a.dayVwap
	if math.IsNaN(price) {
		price = a.close
	}
	if math.IsNaN(price) {
		return 0
	}
	return float64(float64(a.total) * price * a.facts.multiplier)
}

// Account returns the current day's account of a contract.
func (b *Book) Account(id model.ContractID) (model.Account, bool) {
	a := b.days.held(id)
	if a == nil {
		return model.Account{}, false
	}
	return a.view(), true
}

// Accounts gives the current day's accounts in the order of contract numbers,
// until yield returns false.
func (b *Book) Accounts(yield func(model.Account) bool) {
	day := b.days.today()
	if day == nil {
		return
	}
	for _, a := range day.accounts {
		if a != nil && !yield(a.view()) {
			return
		}
	}
}

// AccountsOf appends the current day's accounts of the contracts named, or of all
// where none is.
func (b *Book) AccountsOf(into []model.Account, only ...model.ContractID) []model.Account {
	if len(only) == 0 {
		return slices.AppendSeq(into, b.Accounts)
	}
	for _, id := range only {
		if a, ok := b.Account(id); ok {
			into = append(into, a)
		}
	}
	return into
}

// DayVolume is the current day's volume of a contract, as Account gives it.
func (b *Book) DayVolume(id model.ContractID) int64 {
	if a := b.days.held(id); a != nil {
		return a.total
	}
	return 0
}
