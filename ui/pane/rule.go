package pane

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model/alert"
	"optflow/model/rules"
	"optflow/ui/act"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/line"
	"optflow/ui/page"
	"optflow/ui/paint"
)

// RuleBox is the box of `a`: a rule of the row or the filter, with what it would
// have fired in the tape that is there.
type RuleBox struct {
	Simple
	Judge func(alert.Rule) error

	fields  [4]line.Line
	at      int // the one that is written in
	rule    alert.Rule
	wrong   string // why it cannot be
	editing bool
	trial   *rules.Trial // of the rule as it is written; nil: not yet
	gen     int          // of what is tried: answers to older ones are dropped
	x, y    int          // of the caret
}

// The fields, in the order in which they stand.
const (
	fieldWhen = iota
	fieldOn
	fieldTo
	fieldName
)

var fieldNames = [...]string{fieldWhen: "when", fieldOn: "on", fieldTo: "to", fieldName: "name"}

// usualTo is where an alert of a new rule goes.
var usualTo = []string{"bell", "notify", "log"}

// Open begins with the filter in force, or with the row that was chosen; the
// other one comes with ↑. A text is the name of a rule that is there.
func (b *RuleBox) Open(text string, over page.Page) {
	b.rule, b.editing = alert.Rule{On: "burst", To: usualTo}, false
	var suggested []string
	for _, r := range b.Alerts.Rules {
		if text != "" && r.Name == text {
			b.rule, b.editing = r.Rule, true
		}
	}
	if !b.editing {
		suggested = suggestions(over)
		if len(suggested) > 0 {
			b.rule.When = suggested[0]
		}
		b.rule.Name = b.freshName(b.rule.When)
	}
	for i, is := range [len(b.fields)]struct {
		text  string
		other []string // that ↑ brings
	}{
		fieldWhen: {b.rule.When, suggested}, fieldOn: {cmp.Or(b.rule.On, "burst"), []string{"ticker", "contract"}},
		fieldTo: {strings.Join(b.rule.To, ", "), b.otherPlaces()}, fieldName: {b.rule.Name, nil},
	} {
		b.fields[i] = line.New(slices.DeleteFunc(is.other, func(other string) bool { return other == is.text }))
		b.fields[i].Open(is.text)
	}
	b.at = fieldWhen
	b.read()
}

// Try has the rule tried, once it is open.
func (b *RuleBox) Try() []act.Effect {
	if b.wrong != "" {
		return nil
	}
	return act.One(act.TryRule{Gen: b.gen, Rule: b.rule})
}

// otherPlaces are where the alerts of the rules that are there go.
func (b *RuleBox) otherPlaces() (list []string) {
	for _, r := range b.Alerts.Rules {
		if to := strings.Join(r.To, ", "); to != "" && !slices.Contains(list, to) {
			list = append(list, to)
		}
	}
	return list
}

// suggestions are the filter in force and the row that was chosen, as filters.
func suggestions(over page.Page) (list []string) {
	if r, is := over.(interface{ RuleText() []string }); is {
		list = r.RuleText()
	} else if text := over.Filter().Text(); text != "" {
		list = append(list, text)
	}
	return list
}

// nameUsual is how many letters of a name the table of alerts has room for.
const nameUsual = 14

// freshName makes a name of the first words of a filter that no rule has.
func (b *RuleBox) freshName(when string) string {
	words := strings.Fields(when)
	for i, word := range words {
		words[i] = strings.Trim(word[strings.LastIndexAny(word, "<>=")+1:], "(),!$") // of side=ask, ask
	}
	name := strings.Join(words, " ")
	if len(name) > nameUsual {
		name = strings.TrimSpace(name[:nameUsual])
	}
	name = cmp.Or(name, "rule")
	for n, plain := 2, name; b.taken(name); n++ {
		name = plain + " " + format.Count(int64(n))
	}
	return name
}

func (b *RuleBox) taken(name string) bool {
	return slices.ContainsFunc(b.Alerts.Rules, func(r alert.Standing) bool { return r.Name == name })
}

// read reads what is written. What was tried before says nothing of it.
func (b *RuleBox) read() {
	b.rule.When = strings.TrimSpace(b.fields[fieldWhen].String())
	b.rule.On = strings.TrimSpace(b.fields[fieldOn].String())
	b.rule.Name = strings.TrimSpace(b.fields[fieldName].String())
	b.rule.To = nil
	for _, to := range strings.Split(b.fields[fieldTo].String(), ",") {
		if to = strings.TrimSpace(to); to != "" {
			b.rule.To = append(b.rule.To, to)
		}
	}
	b.gen, b.trial, b.wrong = b.gen+1, nil, ""
	if err := b.Judge(b.rule); err != nil {
		b.wrong = strings.TrimPrefix(err.Error(), "rule "+strconv.Quote(b.rule.Name)+": ")
	}
}

// Tried takes what came of trying, and has it tried again: there are new rows.
func (b *RuleBox) Tried(gen int, t *rules.Trial) []act.Effect {
	if gen != b.gen {
		return nil
	}
	b.trial = t
	return act.One(act.TryRule{Gen: b.gen, Rule: b.rule, Again: true})
}

// Key edits the fields, and saves.
func (b *RuleBox) Key(a keys.Action, k tea.KeyPressMsg) []act.Effect {
	field := &b.fields[b.at]
	switch a {
	case keys.Leave:
		b.gen++
		return act.One(act.ClosePane{})
	case keys.Accept:
		if b.wrong != "" {
			return nil // it says why
		}
		b.gen++
		return []act.Effect{act.ClosePane{}, act.SaveRule{Rule: b.rule}}
	case keys.Down, keys.Up:
		by := 1
		if a == keys.Up {
			by = -1
		}
		b.at = (b.at + by + len(b.fields)) % len(b.fields)
		return nil
	case keys.Earlier:
		field.Recall(-1)
	case keys.Later:
		field.Recall(1)
	default:
		if !field.Key(k) {
			return nil
		}
	}
	b.read()
	return b.Try()
}

// Paste writes into the field.
func (b *RuleBox) Paste(text string) []act.Effect {
	b.fields[b.at].Paste(text)
	b.read()
	return b.Try()
}

func (b *RuleBox) Size() (foot int, c Cover) { return 1, coverSome }

func (b *RuleBox) Caret() (x, y int, shown bool) { return b.x, b.y, true }

// Size of the box, in cells, and how many of what would have fired it shows.
const (
	ruleBoxWidth  = 80
	ruleBoxShown  = 4
	fieldAt       = 8 // where the fields begin
	ruleBoxHeight = 4 + 2 + 2 + ruleBoxShown + 1
)

// Draw draws the box over the lines of the page.
func (b *RuleBox) Draw(lines []string, top int) {
	box, at := newBox(b.Scene, lines, ruleBoxWidth, ruleBoxHeight), 0
	line := func(content func(p *paint.Pen, room int)) { at++; box.row(at, content) }
	title := " New alert "
	if b.editing {
		title = " Alert "
	}
	box.rule(0, "┌", title, "┐")
	for i := range b.fields {
		line(func(p *paint.Pen, room int) {
			if i != b.at {
				p.Start(paint.Dim, "  "+fieldNames[i], fieldAt)
				p.Put(paint.Text, paint.Clip(b.fields[i].String(), room-fieldAt))
				return
			}
			p.Start(paint.Accent, "› "+fieldNames[i], fieldAt)
			caret := b.fields[i].Show(p, room-fieldAt, nil)
			b.x, b.y = box.left+2+fieldAt+caret, top+box.top+at
		})
	}
	at++
	box.rule(at, "├", "", "┤")
	line(func(p *paint.Pen, room int) {
		text, ink := b.said()
		p.Put(ink, paint.Clip(text, room))
	})
	for i := range ruleBoxShown {
		line(func(p *paint.Pen, room int) {
			if b.trial != nil && i < len(b.trial.Events) {
				b.example(p, &b.trial.Events[len(b.trial.Events)-1-i])
			}
		})
	}
	box.rule(at+1, "└", "", "┘")
}

// said is what is wrong with the rule, or how often it would have fired.
func (b *RuleBox) said() (string, paint.Ink) {
	t := b.trial
	switch {
	case b.wrong != "":
		return b.wrong, paint.Bad
	case t == nil:
		return "trying it on the rows that are there …", paint.Dim
	case t.Cannot != "":
		return t.Cannot, paint.Dim
	case t.Since == 0:
		return "there are no rows yet that it could have fired for", paint.Dim
	}
	text := "would have fired " + format.Counting(int64(t.Fired), "time") + " since " + b.Zone.Minute(t.Since)
	if t.Held > 0 {
		text += " (" + format.Count(int64(t.Held)) + " held back)"
	}
	if t.Lacked > 0 {
		text += ", " + format.Count(int64(t.Lacked)) + " lacked " + t.Lacks.String()
	}
	return text, paint.Strong
}

// example is a burst that would have fired, or would have been held back.
func (b *RuleBox) example(p *paint.Pen, e *rules.Event) {
	c := e.Contract
	p.Start(paint.Dim, b.Zone.Clock(e.Row.Start), 10)
	p.Start(paint.Text, c.Underlying, 7)
	p.Start(paint.Text, string(format.AppendStrike(nil, c.Strike))+" "+strings.ToUpper(c.Type.String()[:1]), 11)
	p.Start(paint.Dim, c.Expiry.Short(), 9)
	p.Number(paint.Text, format.AppendMoney(nil, e.Row.Premium), 8)
	if e.Kind == rules.Held {
		p.Space(2)
		p.Put(paint.Dim, "held back: "+e.Reason.String())
	}
}
