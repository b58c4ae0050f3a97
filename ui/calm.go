package ui

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"optflow/ui/order"
	"optflow/ui/page"
	"optflow/ui/rows"
	"optflow/ui/table"
)

// calmSettles is how long a page that is read from the feed has to fill after a key.
// Then it stands still.
const calmSettles = time.Second

// calm shows the screen to who hears it read: between two frames at most one line
// changes, and the terminal's cursor stands on it. Rows keep their line; a new one
// takes that of the one that leaves. What stands beside the rows is brought up to
// date once a minute, what is said at once. What a key asked for is shown whole.
type calm struct {
	on    bool
	asked time.Time // when somebody last did something
	fresh bool      // and it was not drawn yet

	slots    []uint32 // rows by the lines that they keep
	from     int      // the first of those lines
	shown    []string
	at       int       // the line that changed last; none is -1
	changed  time.Time // when that was
	minute   int64     // of the market time that stands beside the rows
	behind   int       // the next line beside the rows to be brought up to date
	waits    bool      // lines are left to be shown
	standing bool      // the page was told to stand still
}

// ask notes that somebody did something: what comes of it is shown whole.
func (c *calm) ask(now time.Time) { c.asked, c.fresh, c.standing = now, true, false }

// hold reports, once after each key, that the page is to stand still now.
func (c *calm) hold(now time.Time) bool {
	if !c.on || c.standing || now.Sub(c.asked) < calmSettles {
		return false
	}
	c.standing, c.fresh = true, true
	return true
}

// place puts rows on the lines that they keep. Lines are those of the rows, as they
// were drawn in order, from a line of the screen on.
func (c *calm) place(lines []string, from int, visible []order.Rank) {
	if !c.on {
		return
	}
	if c.from = from; c.fresh || len(c.slots) != len(lines) {
		c.slots = c.slots[:0]
	}
	texts, blank := make(map[uint32]string, len(visible)), ""
	for i, r := range visible {
		texts[r.ID] = lines[i]
	}
	if len(visible) < len(lines) {
		blank = lines[len(visible)]
	}
	for len(c.slots) < len(lines) {
		if i := len(c.slots); i < len(visible) {
			c.slots = append(c.slots, visible[i].ID)
		} else {
			c.slots = append(c.slots, noSlot)
		}
	}
	var free []int
	for i, id := range c.slots {
		if _, is := texts[id]; !is {
			free = append(free, i)
		}
	}
	for _, r := range slices.Backward(visible) { // the oldest first
		if !slices.Contains(c.slots, r.ID) {
			c.slots[free[0]], free = r.ID, free[1:]
		}
	}
	for _, i := range free {
		c.slots[i] = noSlot
	}
	for i, id := range c.slots {
		if lines[i] = blank; id != noSlot {
			lines[i] = texts[id]
		}
	}
}

// noSlot is a line without a row.
const noSlot = rows.GapBit - 1

// pace lets one line of the screen become what it is to be, or all of them where
// somebody asked or the page still fills. The last line is what is said.
func (c *calm) pace(screen []string, now time.Time, minute int64, fills bool) []string {
	whole := c.fresh || fills && now.Sub(c.asked) < calmSettles || len(c.shown) != len(screen)
	c.fresh, c.waits = false, false
	if whole {
		c.shown, c.at, c.minute, c.behind = slices.Clone(screen), -1, minute, len(screen)
		return screen
	}
	if c.minute != minute {
		c.minute, c.behind = minute, 1
	}
	if slices.Equal(c.shown, screen) {
		return screen
	}
	c.waits = true
	if now.Sub(c.changed) < page.CalmPause-page.CalmPause/10 {
		return slices.Clone(c.shown)
	}
	if i := c.next(screen); i >= 0 {
		c.shown[i], c.at, c.changed = screen[i], i, now
	}
	return slices.Clone(c.shown)
}

// next is the line that may change: the status, what is said, what stands beside
// the rows if that is due, then the rows in turn.
func (c *calm) next(screen []string) int {
	last := len(screen) - 1
	switch {
	case c.shown[0] != screen[0]:
		return 0
	case words(c.shown[last]) != words(screen[last]):
		return last
	}
	first, end := c.from, c.from+len(c.slots)
	for ; c.behind < len(screen); c.behind++ {
		if i := c.behind; (i < first || i >= end) && c.shown[i] != screen[i] {
			return i
		}
	}
	for n := range c.slots {
		i := first + (max(c.at-first, -1)+1+n)%len(c.slots)
		if i < len(screen) && c.shown[i] != screen[i] {
			return i
		}
	}
	return -1
}

// caret is where somebody writes, else where the change is. Before there was one it
// is on the selected row, else on the first.
func (c *calm) caret(writing *tea.Cursor, screen []string) *tea.Cursor {
	if writing == nil {
		at := c.at
		if at < 0 {
			at = slices.IndexFunc(screen, func(l string) bool { return strings.Contains(l, "▸") })
		}
		if at < 0 {
			at = min(max(c.from, table.FirstRow), len(screen)-1)
		}
		writing = tea.NewCursor(0, at)
	}
	writing.Blink = false
	return writing
}

// beCalm has one line of the screen change at a time, or as many as there are.
func beCalm(m *Model, on bool) {
	m.calm.on, m.Calm, m.Quiet, m.tape.Table.NoArrow = on, on, on || m.opt.Still, on
	clear(m.tape.Table.Arrivals)
	m.tape.Table.Restyle()
	m.calm.ask(m.Wall())
}

// fills reports whether what is shown changes as a whole when news come: all but the
// tape with the newest row first.
func fills(m *Model) bool {
	return m.page != page.Page(m.tape) || !m.tape.List.FollowsNewest()
}

// words are a line without colours and numbers: those change all the time, and
// say nothing new.
func words(line string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == ' ' || r == ',' {
			return -1
		}
		return r
	}, ansi.Strip(line))
}
