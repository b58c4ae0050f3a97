package cli

import (
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"

	"optflow/cli/attach"
	"optflow/config"
	"optflow/config/state"
	"optflow/feed/history"
	"optflow/feed/relay/dock"
	"optflow/model"
	"optflow/model/clock"
	"optflow/model/tape"
)

// mark is what says that this program streams on the key.
type mark struct {
	*state.Running
	mine   bool
	holder int // the process that has it, 0 unknown
}

// claimed marks that this program streams on the key; nil where nobody can tell, or
// nobody else can have it. If another program on this machine does already, we
// follow that: plans have one connection, and two programs would keep taking it from
// each other.
func claimed(s *config.Settings, builtin *builtin, log *slog.Logger) *mark {
	if builtin != nil {
		return nil
	}
	m := &mark{Running: state.NewRunning(s.StatePath, s.Key.Reveal(), s.WSURL)}
	if m.Running == nil {
		return nil
	}
	var err error
	if m.mine, m.holder, err = m.Claim(); err != nil {
		log.Warn("cannot tell other copies of this program", "err", err)
		return nil
	}
	return m
}

// yields says why we leave the stream to a process.
func yields(holder int) string {
	if holder != 0 {
		return fmt.Sprintf("optflow process %d streams on this key, r takes it over", holder)
	}
	return "another optflow here streams on this key, r takes it over"
}

// share has the market of a key that other programs of this user have as well.
func (m *market) share(s *config.Settings, mark *mark, now *clock.Clock, log *slog.Logger, engineOf makesEngine, recorderOf makesRecorder) {
	o := attach.Options{
		Mine: mark.mine, Holder: mark.holder, Claim: mark.Claim, Release: mark.Release, Yields: yields,
		Name: filepath.Base(mark.Beside("")), Version: versionText(), Tickers: s.Tickers,
		Opened: dock.Wants{Tickers: s.Tickers, Span: model.Span(s.Window.Milliseconds()), Rests: !s.AutoRefresh},
		Clock:  now, Engine: engineOf, Log: log,
	}
	o.Hub = hubOf(s, s.Hub, log)
	if !s.Alone {
		o.Socket = mark.Beside(".sock")
	}
	switch {
	case keepsDay(s, false):
		o.Recorder = func(rows *tape.Tape) *history.Recorder { return recorderOf(s.HistoryDir, rows) }
	case !s.Alone:
		o.Private = mark.Beside(".log")
		o.Recorder = func(rows *tape.Tape) *history.Recorder { return recorderOf(o.Private, rows) }
	}
	shared := attach.New(o)
	m.Market, m.accounts = shared.Market(), shared.Accounts
	m.parts = append(m.parts, part{Where: "feed", Run: shared.Run})
}

// hubOf is a hub of the settings, nil for none.
func hubOf(s *config.Settings, at string, log *slog.Logger) *attach.Hub {
	u, err := url.Parse(at)
	if at == "" || err != nil {
		return nil
	}
	h := &attach.Hub{Feed: strings.Trim(u.Path, "/"), Version: versionText(), Log: log}
	if u.Path = ""; s.ConfigPath != "" {
		h.Keys = filepath.Dir(s.ConfigPath)
	}
	h.URL = u.String()
	return h
}

// followed is the market of a hub, for which no key is needed.
func followed(s *config.Settings, log *slog.Logger) *market {
	f := attach.FollowHub(hubOf(s, s.Follows, log))
	var tickers []string // all that is followed there, unless somebody said which
	if s.Source("tickers").Kind != config.FromDefault {
		tickers = s.Tickers
	}
	return &market{Market: f.Market(tickers...), accounts: f.Accounts, parts: []part{{Where: "feed", Run: f.Run}}}
}
