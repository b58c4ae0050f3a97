package rules

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"optflow/model"
	"optflow/model/alert"
	"optflow/model/filter"
)

// Written is a rule as a file has it, [[alerts]] in TOML.
type Written = alert.Rule

// Bounds of what is written.
const (
	longestName = 32  // letters
	mostTargets = 16  // of one rule
	longestTime = 24  // hours, of cooldown and rearm
	longestWord = 200 // bytes of any value but when
)

// Error is a rule that cannot be read, and where in one of its values.
type Error struct {
	Rule     string // its name; "" it has none
	Key      string // "when", "cooldown" …
	Value    string // what was written there
	Pos, End int    // bytes of Value
	Text     string // a sentence for the user
}

// Error names rule and key before the sentence.
func (e *Error) Error() string {
	if e.Rule == "" {
		return "a rule without a name: " + e.Key + ": " + e.Text
	}
	return "rule " + strconv.Quote(e.Rule) + ": " + e.Key + ": " + e.Text
}

// Caret is the value with a line of carets below what is wrong in it; "" where
// there is no value to show.
func (e *Error) Caret() string {
	if e.Value == "" {
		return ""
	}
	plain := func(text string) string {
		return strings.Map(func(r rune) rune {
			if !unicode.IsPrint(r) {
				return unicode.ReplacementChar
			}
			return r
		}, text)
	}
	pos := min(max(e.Pos, 0), len(e.Value))
	end := min(max(e.End, pos), len(e.Value))
	before, wrong := plain(e.Value[:pos]), plain(e.Value[pos:end])
	return before + wrong + plain(e.Value[end:]) + "\n" +
		strings.Repeat(" ", len([]rune(before))) + strings.Repeat("^", max(1, len([]rune(wrong))))
}

// Beside says why a rule cannot stand beside others: it has the name of one, or
// would be the same alert as one. The error is an *Error.
func (r *Rule) Beside(others []*Rule) error {
	for _, o := range others {
		switch {
		case o.Name == r.Name:
			return &Error{Rule: r.Name, Key: "name", Value: r.Name, End: len(r.Name), Text: "there is another rule of that name"}
		case o.Version == r.Version:
			return &Error{Rule: r.Name, Key: "when", Value: r.Written.When, End: len(r.Written.When), Text: "says the same as the rule " + strconv.Quote(o.Name) + "; let that one tell all places"}
		}
	}
	return nil
}

// Parse checks one rule. The error is an *Error.
func Parse(w Written, env filter.Env) (*Rule, error) {
	p := ruleParser{w: &w, rule: &Rule{Name: w.Name, To: slices.Clone(w.To), Once: w.Once, Late: w.Late, Written: w, env: env}}
	for _, step := range []func() error{p.name, p.on, p.when, p.to, p.times, p.max} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	p.rule.Version = p.rule.version()
	return p.rule, nil
}

// Ringing checks the rule of a tab that rings: of bursts over some floors, and
// without a cap.
func Ringing(w Written, floors *model.Rules, env filter.Env) (*Rule, error) {
	r, err := Parse(w, env)
	if err != nil {
		return nil, err
	}
	r.Over = floors
	r.Version = r.version()
	return r, nil
}

type ruleParser struct {
	w    *Written
	rule *Rule
}

// wrong is an error about a whole value.
func (p *ruleParser) wrong(key, value, format string, args ...any) error {
	return &Error{Rule: p.w.Name, Key: key, Value: value, End: len(value), Text: fmt.Sprintf(format, args...)}
}

func (p *ruleParser) name() error {
	name := p.w.Name
	switch {
	case strings.TrimSpace(name) == "":
		return p.wrong("name", "", "it needs one")
	case len([]rune(name)) > longestName:
		return p.wrong("name", name, "has %d letters, at most %d fit", len([]rune(name)), longestName)
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) || strings.TrimSpace(name) != name:
		return p.wrong("name", name, "has something that cannot be shown, or blanks around it")
	}
	return nil
}

func (p *ruleParser) on() error {
	i := slices.Index(onNames[:], p.w.On)
	switch {
	case p.w.On == "":
	case i < 0:
		return p.wrong("on", p.w.On, "%q is none of burst, contract, ticker", p.w.On)
	case On(i) == OnOrder:
		return p.wrong("on", p.w.On, "an order is told from single trades, which are not read yet; burst joins the bars of 10 s")
	default:
		p.rule.On = On(i)
	}
	return nil
}

func (p *ruleParser) when() error {
	f, err := filter.Parse(p.w.When, p.rule.env)
	if err == nil {
		switch p.rule.On {
		case OnContract:
			err = f.Sense(p.w.When, filter.OfContract)
		case OnTicker:
			err = f.Sense(p.w.When, filter.OfTicker)
		}
	}
	var place *filter.Error
	switch {
	case errors.As(err, &place):
		return &Error{Rule: p.w.Name, Key: "when", Value: p.w.When, Pos: place.Pos, End: place.End, Text: place.Text}
	case err != nil:
		return p.wrong("when", p.w.When, "%v", err)
	case f.Empty():
		return p.wrong("when", p.w.When, "a rule needs a filter, or everything would fire")
	}
	p.rule.When = f
	return nil
}

// to checks the sorts of targets; which commands and hooks there are, delivery
// knows.
func (p *ruleParser) to() error {
	if len(p.w.To) > mostTargets {
		return p.wrong("to", "", "has %d targets, at most %d are possible", len(p.w.To), mostTargets)
	}
	for i, to := range p.w.To {
		kind, name, named := strings.Cut(to, ":")
		switch {
		case slices.Contains(p.w.To[:i], to):
			return p.wrong("to", to, "stands there twice")
		case kind == "bell" || kind == "notify" || kind == "log":
			if named {
				return p.wrong("to", to, "%s takes no name", kind)
			}
		case kind != "exec" && kind != "hook":
			return p.wrong("to", to, "%q is none of bell, notify, log, exec:NAME, hook:NAME", to)
		case !plainName(name):
			return p.wrong("to", to, "%s: wants a name of letters, digits, - and _ after the colon", kind)
		}
	}
	return nil
}

// plainName reports whether a name may stand behind exec: or hook:.
func plainName(name string) bool {
	return name != "" && len(name) <= longestName && !strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	})
}

func (p *ruleParser) times() error {
	text, scope, _ := strings.Cut(p.w.Cooldown, " ")
	if text != "" {
		ms, err := span(text)
		if err != nil {
			return &Error{Rule: p.w.Name, Key: "cooldown", Value: p.w.Cooldown, End: len(text), Text: err.Error()}
		}
		p.rule.Cooldown = ms
	}
	if p.rule.On == OnTicker {
		p.rule.Per = PerTicker
	}
	if scope = strings.TrimSpace(scope); scope != "" {
		at := strings.LastIndex(p.w.Cooldown, scope)
		i := slices.Index(scopeNames[:], scope)
		switch {
		case i < 0:
			return &Error{Rule: p.w.Name, Key: "cooldown", Value: p.w.Cooldown, Pos: at, End: at + len(scope), Text: strconv.Quote(scope) + " is none of contract, ticker, rule"}
		case Scope(i) == PerContract && p.rule.On == OnTicker:
			return &Error{Rule: p.w.Name, Key: "cooldown", Value: p.w.Cooldown, Pos: at, End: at + len(scope), Text: "on = \"ticker\" knows no contracts (60s ticker)"}
		}
		p.rule.Per = Scope(i)
	}
	if p.w.Rearm != "" {
		ms, err := span(p.w.Rearm)
		switch {
		case err != nil:
			return p.wrong("rearm", p.w.Rearm, "%v", err)
		case p.rule.On == OnBurst:
			return p.wrong("rearm", p.w.Rearm, "a burst fires once and is never armed again; cooldown holds the next one back")
		}
		p.rule.Rearm = ms
	}
	for _, h := range []struct {
		key, text string
		into      **Hours
	}{{"hours", p.w.Hours, &p.rule.Hours}, {"quiet", p.w.Quiet, &p.rule.Quiet}} {
		if h.text == "" {
			continue
		}
		hours, err := ParseHours(h.text)
		if err != nil {
			return p.wrong(h.key, h.text, "%v", err)
		}
		*h.into = &hours
	}
	return nil
}

// span reads 90s, 5m or 1h30m, in ms.
func span(text string) (ms int64, err error) {
	d, err := time.ParseDuration(text)
	if err != nil || len(text) > longestWord {
		return 0, errors.New("is not a time span (60s, 5m, 2h)")
	}
	if d < time.Second || d > longestTime*time.Hour {
		return 0, fmt.Errorf("is out of bounds: a second to %d hours", longestTime)
	}
	return d.Milliseconds(), nil
}

func (p *ruleParser) max() error {
	if p.w.Max == "" {
		return nil
	}
	text, hourly := strings.CutSuffix(p.w.Max, "/h")
	n, err := strconv.Atoi(text)
	switch {
	case !hourly || err != nil || n < 1:
		return p.wrong("max", p.w.Max, "%q is not a number an hour (20/h)", p.w.Max)
	case n > MostPerHour:
		return p.wrong("max", p.w.Max, "all rules together tell of %d an hour at most", MostPerHour)
	}
	p.rule.Max = n
	return nil
}
