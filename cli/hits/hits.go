// Package hits prints what a back-test found: facts, and no score.
package hits

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"optflow/feed/history/backtest"
	"optflow/model"
	"optflow/model/burst"
	"optflow/model/rules"
	"optflow/ui/tail"
)

// Options say how it is printed.
type Options struct {
	Out    io.Writer
	Format tail.Format
	Rules  *model.Rules // of the marks
	Zone   *time.Location
	After  []backtest.After
	Object func(*model.Burst, *model.Contract) []byte // a row as JSON
	Title  func(e *rules.Event) string                // of what is no burst
	Count  int                                        // hits after which it is enough; 0 never
}

// Printer prints sessions, one after the other.
type Printer struct {
	o       Options
	lines   tail.Lines
	printed int
}

// New returns a Printer, which has printed the names of the columns.
func New(o Options) (*Printer, error) {
	p := &Printer{o: o, lines: tail.Lines{Format: o.Format, Interval: burst.Interval10s, Rules: o.Rules, Zone: o.Zone}}
	if o.Format == tail.CSV {
		return p, p.write(p.names())
	}
	return p, nil
}

// Enough reports whether as many hits were printed as are wanted.
func (p *Printer) Enough() bool { return p.o.Count > 0 && p.printed >= p.o.Count }

// Session prints a day.
func (p *Printer) Session(hits []*backtest.Hit, s *backtest.Session) error {
	var text strings.Builder
	if p.o.Format == tail.Text {
		fmt.Fprintf(&text, "%s: %s\n", s.Date.UTC().Format("Mon 2 Jan 2006"), summary(s))
	}
	for _, h := range hits {
		if p.Enough() {
			break
		}
		p.printed++
		switch p.o.Format {
		case tail.JSON:
			text.Write(p.object(h))
		case tail.CSV:
			text.WriteString(p.cells(h))
		default:
			text.WriteString(p.sentences(h))
		}
	}
	if p.o.Format == tail.JSON {
		text.Write(session(s))
	}
	return p.write(text.String())
}

func (p *Printer) write(text string) error {
	if _, err := io.WriteString(p.o.Out, text); err != nil {
		return fmt.Errorf("printing the hits: %w", err)
	}
	return nil
}

func summary(s *backtest.Session) string {
	text := plural(s.Hits, "hit")
	if s.Held > 0 {
		text += fmt.Sprintf(", %d held back", s.Held)
		if s.Beyond > 0 {
			text += fmt.Sprintf(" of which %d are not listed", s.Beyond)
		}
	}
	if s.Revised > 0 {
		text += fmt.Sprintf(", %d turned out not to be true", s.Revised)
	}
	if s.Lacked > 0 {
		text += fmt.Sprintf(", %d lacked %s", s.Lacked, s.Lacks)
	}
	if s.Partial {
		text += ", cancelled: there may be more"
	}
	return text
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// sentences are a hit for people, a line for each thing that is to be known of it.
func (p *Printer) sentences(h *backtest.Hit) string {
	title := p.lines.Text(&h.Row, h.Contract)
	if h.Rule.On != rules.OnBurst {
		title = p.o.Title(&h.Event)
	}
	all := []string{title, "known at " + p.clock(h.At) + ": " + strings.Join(h.Why, ", ")}
	if h.Reason != rules.NotHeld {
		all = append(all, "held back: "+h.Reason.String())
	}
	if h.Revised {
		all = append(all, "turned out not to be true")
	}
	if h.Last != nil {
		_, said, _ := strings.Cut(p.lines.Change(h.Last, &h.Row, h.Contract), ": ")
		if h.Withdrawn {
			said = "withdrawn"
		}
		all = append(all, "its last version: "+said)
	}
	if len(h.After) > 0 {
		all = append(all, p.prices(h))
	}
	return strings.Join(all, "\n    ") + "\n"
}

// prices says where the underlying went.
func (p *Printer) prices(h *backtest.Hit) string {
	text := h.Contract.Underlying + " was not known"
	if h.Spot == h.Spot {
		text = fmt.Sprintf("%s %.2f", h.Contract.Underlying, h.Spot)
	}
	for _, l := range h.After {
		when := ", after " + l.Name + " "
		if l.By == 0 {
			when = ", at the close "
		}
		switch {
		case l.Why != "":
			text += when + "not known (" + l.Why + ")"
		case l.Change == l.Change:
			text += when + fmt.Sprintf("%.2f (%+.2f %%)", l.Spot, 100*l.Change)
		default:
			text += when + fmt.Sprintf("%.2f", l.Spot)
		}
	}
	return text
}

func (p *Printer) clock(ms int64) string {
	return time.UnixMilli(ms).In(p.o.Zone).Format(time.TimeOnly)
}

type (
	hitObject struct {
		V         int             `json:"v"`
		Kind      string          `json:"kind"`
		Rule      string          `json:"rule,omitempty"`
		Version   string          `json:"rule_version,omitempty"`
		Filter    string          `json:"filter,omitempty"`
		Date      string          `json:"date"`
		KnownMS   int64           `json:"known_ms"`
		Held      string          `json:"held,omitempty"`
		Revised   bool            `json:"revised,omitempty"`
		Withdrawn bool            `json:"withdrawn,omitempty"`
		Why       []string        `json:"why"`
		Row       json.RawMessage `json:"row"`
		Last      json.RawMessage `json:"last,omitempty"`
		After     []afterObject   `json:"after,omitempty"`
	}
	afterObject struct {
		After  string   `json:"after"`
		AtMS   int64    `json:"at_ms,omitempty"`
		Spot   *float64 `json:"spot,omitempty"`
		Change *float64 `json:"change,omitempty"`
		Why    string   `json:"why,omitempty"`
	}
	sessionObject struct {
		V       int    `json:"v"`
		Kind    string `json:"kind"`
		Date    string `json:"date"`
		Hits    int    `json:"hits"`
		Held    int    `json:"held_hits,omitempty"`
		Beyond  int    `json:"unlisted_hits,omitempty"`
		Revised int    `json:"revised_hits,omitempty"`
		Lacked  int    `json:"lacked,omitempty"`
		Lacks   string `json:"lacks,omitempty"`
		Gaps    uint64 `json:"gaps,omitempty"`
		Holes   int    `json:"holes,omitempty"`
		Older   bool   `json:"older_rules,omitempty"`
		Partial bool   `json:"partial,omitempty"`
	}
)

func (p *Printer) object(h *backtest.Hit) []byte {
	o := hitObject{
		V: 1, Kind: "hit", Date: h.Date.String(), KnownMS: h.At, Held: h.Reason.String(), Revised: h.Revised,
		Withdrawn: h.Withdrawn, Why: h.Why, Row: p.o.Object(&h.Row, h.Contract),
	}
	if h.Rule.Over != nil { // it was made of a filter
		o.Filter = h.Rule.Written.When
	} else {
		o.Rule, o.Version = h.Rule.Name, h.Rule.Version
	}
	if h.Last != nil {
		o.Last = p.o.Object(h.Last, h.Contract)
	}
	for _, l := range h.After {
		o.After = append(o.After, afterObject{l.Name, l.At, known(l.Spot), known(l.Change), l.Why})
	}
	return line(o)
}

func session(s *backtest.Session) []byte {
	return line(sessionObject{
		1, "session", s.Date.String(), s.Hits, s.Held, s.Beyond, s.Revised, s.Lacked, s.Lacks.String(), s.GapLots, len(s.Holes), s.Older, s.Partial,
	})
}

func line(of any) []byte {
	text, err := json.Marshal(of)
	if err != nil {
		panic("hits: " + err.Error()) // cannot happen: what is not known is left out
	}
	return append(text, '\n')
}

func known(v float64) *float64 {
	if v != v {
		return nil
	}
	return &v
}

// names are the columns of CSV: those of the hit, the row as it was, what of it
// became another, and the underlying afterwards.
func (p *Printer) names() string {
	names := "date,known_ms,held,revised,withdrawn," + string(p.lines.Cells(nil, nil)) + ",last_size,last_premium,last_vwap,last_side"
	for _, a := range p.o.After {
		names += fmt.Sprintf(",spot_%s,change_%s,why_%s", a.Name, a.Name, a.Name)
	}
	return names + "\n"
}

func (p *Printer) cells(h *backtest.Hit) string {
	cells := []string{h.Date.String(), strconv.FormatInt(h.At, 10), h.Reason.String(), strconv.FormatBool(h.Revised), strconv.FormatBool(h.Withdrawn)}
	cells = append(cells, string(p.lines.Cells(&h.Row, h.Contract)))
	if last := h.Last; last != nil {
		cells = append(cells, strconv.FormatUint(uint64(last.Size), 10), number(last.Premium, 2), number(float64(last.Vwap), 4), last.Side.String())
	} else {
		cells = append(cells, "", "", "", "")
	}
	for _, l := range h.After {
		cells = append(cells, number(l.Spot, 4), number(l.Change, 6), l.Why)
	}
	return strings.Join(cells, ",") + "\n"
}

// number is a number to so many decimals, or an empty cell.
func number(v float64, decimals int) string {
	if v != v {
		return ""
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}
