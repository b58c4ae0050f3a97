// Package doctor asks the servers once what they would give to a key, and says
// in words what a monitor could show.
package doctor

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"optflow/feed/plan"
	"optflow/feed/source"
	"optflow/model"
)

// Grade is how a check went.
type Grade uint8

// The grades.
const (
	GradeOK Grade = iota
	GradeWarn
	GradeFail
)

// String is "ok", "warn" or "fail".
func (g Grade) String() string { return [...]string{"ok", "warn", "fail"}[g] }

// Finding is what one check found, in words without the key.
type Finding struct {
	Grade   Grade
	Subject string // one or two words
	Text    string
	Remedy  string // what to do, "" nothing
	Refused bool   // the key or the plan is what is wrong
}

// Options say what to look at.
type Options struct {
	REST     Endpoints
	Server   string // where those are
	Stream   source.Stream
	Compress bool // it was asked for
	Feed     plan.Choice
	Ticker   string // one that is followed
	Span     model.Span

	// What REST's answers have said so far: whether the market is an invented one,
	// whether the plan is a delayed one, and how far the server's clock is ahead of
	// this machine's, if it was told.
	Sim, Late func() bool
	Skew      func() (ahead time.Duration, told bool)
}

// Endpoints is what the doctor asks of REST.
type Endpoints interface {
	MarketStatus(ctx context.Context) (source.MarketStatus, error)
	ListingNames(ticker string) []string
	Contracts(ctx context.Context, underlying string, f source.ChainFilter) (source.ListingPage, error)
	ChainNames(ticker string) []string
	Chain(ctx context.Context, underlying string, f source.ChainFilter) (source.ChainPage, error)
	Quotes(ctx context.Context, symbol string, before int64, limit int) (source.QuotePage, error)
}

// Bounds of an examination: each question has its own, so that one server that
// hangs does not hide what the others say.
const (
	examineStep = 12 * time.Second
	ackWait     = 10 * time.Second // for a subscription, as long as the monitor waits
	// examineSkew is the difference of clocks from which a remedy is offered.
	// Date headers come in whole seconds, and the way takes its time.
	examineSkew = 3 * time.Second
)

// examination is one run of Examine.
type examination struct {
	o     Options
	tell  func(Finding)
	one   string // a contract of the ticker, to subscribe to
	polls bool   // snapshots can be had
	facts plan.Facts
}

// Examine asks the servers once what they would give to this key, and tells
// each finding as it comes. It ends within about a minute whatever they do.
func Examine(ctx context.Context, o Options, tell func(Finding)) error {
	key, delayed := o.Stream.Hosts()
	beliefs := plan.NewBeliefs(o.Feed, key, delayed)
	x := &examination{o: o, tell: tell, facts: beliefs.Facts(time.Now())}
	x.market(ctx)
	if x.facts.REST != plan.Refuses && x.facts.REST != plan.Mute { // who does not answer is not asked again
		x.listing(ctx)
		x.snapshot(ctx)
		x.quotes(ctx)
	}
	if x.facts.REST == plan.Takes && o.Late() {
		x.facts.REST = plan.Late
	}
	x.clock()
	x.streams(ctx)
	x.verdict()
	return ctx.Err()
}

// step bounds one question.
func step(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, examineStep)
	defer cancel()
	return ask(ctx)
}

// market asks the cheapest question: it tells whether the server is there and
// whether it takes the key.
func (x *examination) market(ctx context.Context) {
	var status source.MarketStatus
	began := time.Now()
	err := step(ctx, func(ctx context.Context) (err error) { status, err = x.o.REST.MarketStatus(ctx); return err })
	took := time.Since(began).Round(time.Millisecond)
	if err != nil {
		x.problem("REST", err)
		return
	}
	x.facts.REST = plan.Takes
	word := "closed"
	if status.Open() {
		word = "open"
	}
	x.tell(Finding{Subject: "REST", Text: fmt.Sprintf("%s answers in %s and takes the key; the market is %s", x.o.Server, took, word)})
}

// problem tells a failed request in words.
func (x *examination) problem(subject string, err error) {
	f := Finding{Grade: GradeFail, Subject: subject, Text: err.Error()}
	switch source.KindOf(err) {
	case source.ErrorUnauthorized:
		f.Remedy, f.Refused = "check the key: it is refused. A new one takes effect at once", true
		if x.facts.NoKey {
			f.Text, f.Remedy = plan.NoKeySet.Sentence(), plan.NoKeySet.Remedy()
		}
		x.facts.REST = plan.Refuses
	case source.ErrorNotEntitled:
		f.Grade, f.Remedy = GradeWarn, "the plan does not carry this; what lacks because of it is said below"
		x.facts.NoSnapshots = x.facts.NoSnapshots || subject == "snapshots"
	case source.ErrorRateLimited:
		f.Grade, f.Remedy = GradeWarn, "too many requests: wait a minute, and see whether another program uses this key"
	case source.ErrorNetwork, source.ErrorTimeout:
		x.facts.REST = plan.Mute
		f.Remedy = cmp.Or(source.FailureOf(err).Remedy, "check the network, the proxy variables and rest-url")
	case source.ErrorNotFound:
		f.Remedy = "check rest-url and the ticker"
	case source.ErrorNotJSON, source.ErrorRedirect:
		x.facts.REST = plan.Mute
		f.Remedy = "something else answers there: a captive portal, a proxy, or a wrong rest-url"
	}
	if f.Text == context.DeadlineExceeded.Error() {
		x.facts.REST = plan.Mute
		f.Text, f.Remedy = fmt.Sprintf("no answer within %s", examineStep), "check the network, the proxy variables and rest-url"
	}
	x.tell(f)
}

// listing finds one contract of the ticker.
func (x *examination) listing(ctx context.Context) {
	var page source.ListingPage
	err := step(ctx, func(ctx context.Context) (err error) {
		for _, name := range x.o.REST.ListingNames(x.o.Ticker) {
			if page, err = x.o.REST.Contracts(ctx, name, source.ChainFilter{Limit: 10}); len(page.Listings) > 0 || err != nil && source.KindOf(err) != source.ErrorNotFound {
				break
			}
		}
		return err
	})
	if err != nil {
		x.problem("contracts", err)
		return
	}
	if len(page.Listings) == 0 {
		x.tell(Finding{Grade: GradeWarn, Subject: "contracts", Text: "there are none on " + x.o.Ticker, Remedy: "check the ticker"})
		return
	}
	x.one = page.Listings[0].Symbol
	x.tell(Finding{Subject: "contracts", Text: "those of " + x.o.Ticker + " are listed"})
}

// snapshot asks for a page of the chain, and what is in it.
func (x *examination) snapshot(ctx context.Context) {
	var page source.ChainPage
	err := step(ctx, func(ctx context.Context) (err error) {
		for _, name := range x.o.REST.ChainNames(x.o.Ticker) {
			if page, err = x.o.REST.Chain(ctx, name, source.ChainFilter{}); len(page.Snapshots) > 0 || err != nil && source.KindOf(err) != source.ErrorNotFound {
				break
			}
		}
		return err
	})
	if err != nil {
		x.problem("snapshots", err)
		return
	}
	x.polls = true
	if x.one == "" && len(page.Snapshots) > 0 {
		x.one = page.Snapshots[0].Symbol
	}
	var quotes, greeks, spots, late int
	for i := range page.Snapshots {
		s := &page.Snapshots[i]
		quotes += one(s.HasQuote)
		greeks += one(!math.IsNaN(s.Delta) && s.Delta != 0)
		spots += one(!math.IsNaN(s.Spot) && s.Spot > 0)
		late += one(s.SpotDelayed)
	}
	var lacks []string
	for _, l := range []struct {
		n    int
		text string
	}{{quotes, "no quotes: the side stays unknown"}, {greeks, "no greeks: delta and IV stay unknown"}, {spots, "no stock prices: OTM% stays unknown"}} {
		if l.n == 0 {
			lacks = append(lacks, l.text)
		}
	}
	f := Finding{Subject: "snapshots", Text: fmt.Sprintf("%d contracts a page, with quotes, greeks and stock prices", len(page.Snapshots))}
	switch {
	case len(page.Snapshots) == 0:
		f = Finding{Grade: GradeWarn, Subject: "snapshots", Text: "none on " + x.o.Ticker, Remedy: "check the ticker"}
	case len(lacks) > 0:
		if page.Delayed {
			lacks = append(lacks, "all of them late: the plan is a delayed one")
		}
		f = Finding{Grade: GradeWarn, Subject: "snapshots", Text: strings.Join(lacks, "; "), Remedy: "the plan lacks them, or there are none at this hour"}
	case page.Delayed:
		f.Grade, f.Text = GradeWarn, f.Text+", all of them late: the plan is a delayed one"
	case late > 0:
		f.Grade, f.Text, f.Remedy = GradeWarn, f.Text+"; stock prices are late", "OTM% is blank beside real-time options; a stocks plan in real time fills it"
	}
	x.tell(f)
}

// quotes asks whether the quotes of a past time can be had.
func (x *examination) quotes(ctx context.Context) {
	if x.one == "" || x.facts.REST == plan.Refuses || x.facts.REST == plan.Mute {
		return
	}
	skew, _ := x.o.Skew()
	err := step(ctx, func(ctx context.Context) error {
		_, err := x.o.REST.Quotes(ctx, x.one, time.Now().Add(skew).UnixMilli(), 1)
		return err
	})
	switch {
	case err == nil:
		x.tell(Finding{Subject: "quotes", Text: "can be looked up by time: the sides of large rows can be sure"})
	case source.KindOf(err) == source.ErrorNotEntitled:
		x.tell(Finding{Grade: GradeWarn, Subject: "quotes", Text: "cannot be looked up by time: fewer sides are sure", Remedy: "the plan lacks them"})
	default:
		x.tell(Finding{Grade: GradeWarn, Subject: "quotes", Text: err.Error(), Remedy: "fewer sides are sure without them"})
	}
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// clock compares the clocks, once a server has told its own.
func (x *examination) clock() {
	skew, told := x.o.Skew()
	if !told {
		x.tell(Finding{Grade: GradeWarn, Subject: "clock", Text: "no server told its time", Remedy: "see REST above"})
		return
	}
	off := skew.Round(time.Second)
	switch {
	case off.Abs() < examineSkew:
		x.tell(Finding{Subject: "clock", Text: "this machine and the server agree within " + examineSkew.String()})
	case off < 0:
		x.tell(Finding{Grade: GradeWarn, Subject: "clock", Text: "this machine is " + (-off).String() + " ahead of the server", Remedy: "turn on time synchronisation; optflow goes by the server's time meanwhile"})
	default:
		x.tell(Finding{Grade: GradeWarn, Subject: "clock", Text: "this machine is " + off.String() + " behind the server", Remedy: "turn on time synchronisation; optflow goes by the server's time meanwhile"})
	}
}

// verdict says what a monitor could show.
func (x *examination) verdict() {
	v := plan.Decide(x.facts)
	works := x.facts.Realtime == plan.Works || x.facts.Delayed == plan.Works
	switch {
	case v.Do == plan.Stop && v.Why != plan.NothingInPlan:
		text := "shows nothing: " + v.Why.Sentence()
		if v.Why == plan.BadKey {
			text = "shows nothing with this key"
		}
		x.tell(Finding{Grade: GradeFail, Subject: "monitor", Text: text, Remedy: v.Why.Remedy(), Refused: true})
	case works:
		text := "will be Live"
		if x.facts.Realtime != plan.Works {
			text += ", 15 minutes late"
		}
		if x.o.Sim() {
			text += ", with the invented prices of a simulated market (SIM)"
		}
		x.tell(Finding{Subject: "monitor", Text: text})
	case x.polls:
		x.tell(Finding{Grade: GradeWarn, Subject: "monitor", Text: "will be Polling: REST carries what the stream does not", Remedy: "see stream above"})
	default:
		x.tell(Finding{Grade: GradeFail, Subject: "monitor", Text: "has nothing to show: neither stream nor snapshots", Remedy: "see above; without a key it shows the simulated market", Refused: v.Do == plan.Stop})
	}
}
