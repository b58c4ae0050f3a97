package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"optflow/cli/archive"
	"optflow/cli/attach"
	"optflow/config"
	"optflow/feed"
	"optflow/feed/capture"
	"optflow/feed/history"
	"optflow/feed/link"
	"optflow/feed/massive"
	"optflow/feed/massive/api"
	"optflow/feed/plan"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/clock"
	face "optflow/model/market"
	"optflow/model/tape"
	"optflow/ui"
)

// market is one market for the faces of this process, and what runs to make it:
// an engine (newMarket), the player of a recording, or the follower of another
// program's market.
type market struct {
	face.Market // what faces dock at; it has a clock
	parts       []part
	// accounts are those of the day once run has returned; nil: nobody has them.
	accounts func() []model.Account
	builtin  *builtin          // nil when the data comes from elsewhere
	capture  *capture.Recorder // nil: none
}

type part = attach.Part

// newMarket wires settings, clients and engine together. It neither sends nor
// waits; run does. The wires are captured into a folder, "" for none; say is told
// when the capture ends before the run, nil: nobody.
func newMarket(s *config.Settings, log *slog.Logger, folder string, say func(string)) (*market, error) {
	if s.Follows != "" {
		return followed(s, log), nil
	}
	at, builtin, err := endpointsOf(s)
	if err != nil {
		return nil, err
	}
	if err := at.lacksKey(s); err != nil {
		return nil, err
	}
	if s.Hub != "" && !keepsDay(s, builtin != nil) && (builtin != nil || s.Alone) {
		return nil, usageError{errors.New("--hub publishes the day's log, and none is written: add --history")}
	}
	var (
		invented atomic.Bool // the data is a simulator's, ours or another's
		late     atomic.Bool // REST said that the plan is a delayed one
		now      = clock.New()
	)
	invented.Store(builtin != nil)
	onServer := func(name string) {
		if name == massive.SimulatorServer {
			invented.Store(true)
		}
	}
	asking := api.RESTOptions{
		BaseURL: at.rest, Key: at.key, Now: now.Now,
		OnDate:   func(server, at time.Time) { now.Set(server.UnixMilli(), at) },
		OnServer: onServer, OnLate: func() { late.Store(true) },
	}
	streams := at.streams(onServer)
	heard, err := at.capture(s, folder, say, &asking, streams)
	if err != nil {
		return nil, err
	}
	rest, err := api.NewREST(asking)
	if err != nil {
		return nil, usageError{err}
	}
	engine := func(on attach.Accounts, record feed.Recorder, yield string) *feed.Engine {
		return feed.New(feed.Options{
			Tape: on.Tape, Book: on.Book, Clock: now, REST: rest, Recorder: record,
			Yield: yield, Tickers: s.Tickers, Span: model.Span(s.Window.Milliseconds()),
			Subscribe: subscribeModes[s.Subscribe], Feed: feedChoices[s.Feed],
			Stream:      streams,
			AutoRefresh: s.AutoRefresh, PollInterval: s.PollInterval, EnrichInterval: s.EnrichInterval,
			Late: late.Load, Sim: invented.Load, Log: log, Floor: rulesOf(s).FloorOf,
		})
	}
	recorder := func(root string, rows *tape.Tape) *history.Recorder {
		return recorderOf(s, root, log, builtin != nil, late.Load, now, rows)
	}
	m := &market{builtin: builtin, capture: heard}
	if mark := claimed(s, builtin, log); mark != nil {
		m.share(s, mark, now, log, engine, recorder)
	} else {
		m.alone(s, builtin, hubOf(s, s.Hub, log), engine, recorder)
	}
	if builtin != nil {
		m.parts = append(m.parts, part{Where: "simulated market", Run: builtin.serve})
	}
	if heard != nil {
		m.parts = append(m.parts, part{Where: "capture", Run: heard.Run})
	}
	return m, nil
}

// run works until ctx ends or a part fails, and returns once all of it ended.
func (m *market) run(ctx context.Context) error { return attach.Together(ctx, m.parts...) }

var subscribeModes = map[string]link.Subscribe{
	"auto": link.SubscribeAuto, "contracts": link.SubscribeContracts, "all": link.SubscribeAll,
}

var feedChoices = map[string]plan.Choice{
	"auto": plan.AnyHost, "realtime": plan.RealtimeOnly, "delayed": plan.DelayedOnly,
}

// alone has the market of a key that nobody shares.
func (m *market) alone(s *config.Settings, builtin *builtin, hub *attach.Hub, engineOf makesEngine, recorderOf makesRecorder) {
	rows := tape.New(tape.Options{})
	var record *history.Recorder
	if keepsDay(s, builtin != nil) {
		record = recorderOf(s.HistoryDir, &rows.Tape)
	}
	var writes feed.Recorder // nil: nothing is written down
	if record != nil {
		writes = record
	}
	var fence attach.Fence
	if hub != nil && record != nil {
		writes = fence.With(writes)
	}
	engine := engineOf(attach.Accounts{Tape: rows}, writes, "")
	m.Market, m.accounts = engine.Market(), engine.Accounts
	m.parts = append(m.parts, part{Where: "feed", Run: engine.Run})
	if record != nil {
		m.parts = append(m.parts, part{Where: "recorder", Run: record.Run})
		if hub != nil {
			m.parts = append(m.parts, part{Where: "hub", Run: func(ctx context.Context) error { return hub.Publish(ctx, engine.Market(), record, fence.Say) }})
		}
	}
}

type (
	makesEngine   = func(on attach.Accounts, record feed.Recorder, yield string) *feed.Engine
	makesRecorder = func(root string, rows *tape.Tape) *history.Recorder
)

// keepsDay reports whether the day is to be written down.
func keepsDay(s *config.Settings, builtin bool) bool {
	asked := s.Source("history").Kind == config.FromFlag
	return s.History && s.HistoryDir != "" && (!builtin || asked)
}

// recorderOf is who writes the day down below a folder.
func recorderOf(s *config.Settings, root string, log *slog.Logger, builtin bool, late func() bool, now *clock.Clock, rows *tape.Tape) *history.Recorder {
	feeds := feedsOf(s, builtin)
	return history.New(history.Options{
		Root: root, Keep: keepOf(s),
		Header: history.Header{Optflow: versionText(), Epoch: rand.Text(), Rules: book.Rules},
		Feeds:  feeds, Anew: builtin, Now: now.Now, Log: log,
		Sim: func() bool { return rows.State().Sim },
		Named: func() string {
			state := rows.State()
			switch {
			case len(feeds) == 1:
				return feeds[0]
			case late() || state.Plan.Delayed > 0:
				return feedDelayed
			case state.Plan.Known || state.Link == model.Live:
				return feedRealtime
			}
			return ""
		},
	})
}

// archives has the files of past days made beside a market that is recorded, and
// returns who reads them, nil where nobody records.
func (p *program) archives(s *config.Settings, m *market, log *slog.Logger) ui.ReadPast {
	if !keepsDay(s, m.builtin != nil) {
		return nil
	}
	o := archive.Options{Root: s.HistoryDir, Feeds: feedsOf(s, m.builtin != nil), All: s.HistoryParquet, Clock: m.Clock(), Log: log, Self: p.self, Env: config.WithoutKeys(os.Environ())}
	if p.self != "" {
		m.parts = append(m.parts, part{Where: "files of past days", Run: func(ctx context.Context) error { return archive.Run(ctx, o) }})
	}
	return o.Past
}

// Feeds as history has them in folders of their own. Another server's is its name.
const (
	feedRealtime = "realtime"
	feedDelayed  = "delayed"
	feedSim      = "sim"
)

// feedsOf are the names that the feed may turn out to have, the likeliest first.
func feedsOf(s *config.Settings, builtin bool) []string {
	if builtin {
		return []string{feedSim}
	}
	if server := s.Server(); server != "" {
		return []string{server}
	}
	switch s.Feed {
	case feedRealtime, feedDelayed:
		return []string{s.Feed}
	}
	return []string{feedRealtime, feedDelayed}
}
