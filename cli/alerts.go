package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"optflow/cli/alerts"
	"optflow/cli/followup"
	"optflow/config"
	"optflow/config/state"
	"optflow/logs"
	"optflow/model"
	"optflow/model/alert"
	"optflow/model/burst"
	"optflow/model/filter"
	"optflow/model/rules"
	"optflow/ui/format"
	"optflow/ui/tail"
	"optflow/ui/terminal"

	own "optflow/config/alerts"
)

// ruleEnv is what the filters of rules depend on.
func ruleEnv(s *config.Settings, now func() int64) filter.Env {
	return filter.Env{Rules: rulesOf(s), Now: now, Saved: names(s, savedTabs(s))}
}

// judge checks the rules of the settings. The error shows each that is wrong with
// a caret.
func judge(s *config.Settings, now func() int64) (list []alerts.Source, err error) {
	var wrong []error
	for i := range s.Alerts.Rules {
		w := &s.Alerts.Rules[i]
		_, err := rules.Parse(w.Rule, ruleEnv(s, now))
		if bad, is := errors.AsType[*rules.Error](err); is {
			wrong = append(wrong, s.WrongRule(w, bad.Key, bad.Text, bad.Caret()))
		}
	}
	if len(wrong) > 0 {
		return nil, usageError{errors.Join(wrong...)}
	}
	return sources(s), nil
}

// sources are the rules with where each is written.
func sources(s *config.Settings) (list []alerts.Source) {
	for i := range s.Alerts.Rules {
		w := &s.Alerts.Rules[i]
		list = append(list, alerts.Source{Rule: w.Rule, From: w.From("name")})
	}
	return list
}

// newAlerts wires the alerts to a market. They run with it.
func (p *program) newAlerts(s *config.Settings, m *market, log *slog.Logger, again func() (*config.Settings, error), adjust func(*alerts.Options)) (*alerts.Desk, error) {
	list, err := judge(s, m.Clock().Now)
	if err != nil {
		return nil, err
	}
	env := os.Environ()
	o := alerts.Options{
		Market: m, Rules: rulesOf(s), Saved: names(s, savedTabs(s)), List: list, Execs: map[string]alerts.Exec{}, Hooks: map[string]alerts.Hook{},
		Notification: func(text string) string { return terminal.Notification(s.Notify, env, text) },
		Row:          rowObject(s), Text: alertText, Log: log, Env: env, Secrets: s.Secrets(),
	}
	for name, e := range s.Alerts.Execs {
		o.Execs[name] = alerts.Exec{Argv: e.Argv, Env: e.Env}
	}
	for name, h := range s.Alerts.Hooks {
		to := alerts.Hook{Format: h.Format, Private: h.Private, Off: h.Off}
		if h.Off == "" {
			if to.URL, err = own.Address(h.URL.Reveal()); err != nil {
				return nil, fmt.Errorf("the hook %s: its address %w", name, err) // cannot happen: it was read before
			}
		}
		o.Hooks[name] = to
	}
	if s.StatePath != "" {
		o.Dir = filepath.Dir(s.StatePath)
		o.Lock = state.NewDelivering(s.StatePath)
		o.Save = state.NewRules(s.StatePath).Put
		o.AlertLog = &lateLog{path: filepath.Join(o.Dir, alerts.LogName)}
	}
	if adjust != nil {
		adjust(&o)
	}
	var desk *alerts.Desk
	if o.Dir != "" {
		kept := followup.New(followup.Options{
			Market: o.Market, Dir: ledgerDir(s), Log: log,
			Holds: func() bool { return desk.Holds() }, Trouble: func(text string) { desk.Trouble(text) },
		})
		o.Ledger = kept
		m.parts = append(m.parts, part{Where: "ledger", Run: kept.Run})
	}
	if desk, err = alerts.New(o); err != nil {
		return nil, err
	}
	m.parts = append(m.parts, part{Where: "alerts", Run: desk.Run}, part{Where: "rules' files", Run: watchRules(s, desk, again)})
	return desk, nil
}

// watchRules reads the rules anew once a file of theirs has changed.
func watchRules(s *config.Settings, desk *alerts.Desk, again func() (*config.Settings, error)) func(context.Context) error {
	return func(ctx context.Context) error {
		files := []string{filepath.Clean(s.ConfigPath)}
		if s.StatePath != "" {
			files = append(files, filepath.Join(filepath.Dir(s.StatePath), state.RulesName))
		}
		err := alerts.Watch(ctx, files, func() {
			fresh, err := again()
			if err != nil {
				first, _, _ := strings.Cut(err.Error(), "\n")
				desk.Load(nil, "the rules stay as they were: "+first)
				return
			}
			desk.Load(sources(fresh), "")
		})
		if err != nil {
			desk.Load(nil, "changes of the rules' files are not noticed: "+err.Error())
		}
		<-ctx.Done()
		return nil
	}
}

// rowObject prints rows as JSON, those of an underlying's day too.
func rowObject(s *config.Settings) func(*model.Burst, *model.Contract) []byte {
	lines := tail.Lines{Interval: burst.Interval10s, Rules: rulesOf(s)}
	return func(r *model.Burst, c *model.Contract) []byte {
		if c.Symbol == "" {
			return tickerObject(r, c)
		}
		return lines.Object(r, c)
	}
}

// tickerObject is the row of an alert about an underlying's day.
func tickerObject(r *model.Burst, c *model.Contract) []byte {
	known := func(v float64) *float64 {
		if v != v {
			return nil
		}
		return &v
	}
	text, err := json.Marshal(struct {
		V          int      `json:"v"`
		Kind       string   `json:"kind"`
		Underlying string   `json:"underlying"`
		Premium    *float64 `json:"premium,omitempty"`
		Spot       *float64 `json:"spot,omitempty"`
	}{1, "ticker", c.Underlying, known(r.Premium), known(float64(r.Spot))})
	if err != nil {
		return nil // cannot happen: what is not known is left out
	}
	return text
}

// alertText is an alert in a line: "NVDA 180 C 18 Dec 2026 $1.1M A 10:41:26 (premium 1,120,350 ≥ 500,000)".
func alertText(a *alert.Alert) string {
	if a.Contract == nil {
		return a.Text
	}
	words := []string{a.Contract.Underlying}
	if c := a.Contract; c.Symbol != "" {
		words = append(words, string(format.AppendStrike(nil, c.Strike)), strings.ToUpper(c.Type.String()[:1]), c.Expiry.UTC().Format("2 Jan 2006"))
	}
	if a.Row.Premium == a.Row.Premium {
		words = append(words, format.Money(a.Row.Premium))
	}
	if side := a.Row.Side.String(); side != "" {
		words = append(words, side)
	}
	if a.Contract.Symbol != "" && a.Row.Start > 0 {
		words = append(words, time.UnixMilli(a.Row.Start).In(model.NewYork).Format(time.TimeOnly))
	}
	if len(a.Why) > 0 {
		words = append(words, "("+strings.Join(a.Why, ", ")+")")
	}
	return strings.Join(words, " ")
}

// lateLog is a log file that is opened once something is written.
type lateLog struct {
	path string

	mu   sync.Mutex
	file *logs.File
}

func (l *lateLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		file, err := logs.Open(l.path)
		if err != nil {
			return 0, err
		}
		l.file = file
	}
	return l.file.Write(line)
}
