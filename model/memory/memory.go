// Package memory is what outlives a run of the program: the choices made on the
// screen, saved tabs, lines typed, pinned contracts and the volumes of earlier
// sessions. Others keep it in files.
package memory

import (
	"cmp"
	"fmt"
	"maps"

	"optflow/model"
)

// Remembered is what earlier runs left.
type Remembered struct {
	Choices Choices
	Tabs    Tabs
	Lines   Lines
	Pins    Pins
	Volumes *model.Volumes // nil where none are kept, as of a simulated market
}

// Item is one thing to remember: Choices, Tabs, Lines, Pins or Volumes.
type Item interface{ item() }

// Choices are what the next run starts from. An empty field says nothing: what
// was kept before stays.
type Choices struct {
	Tickers []string `toml:"tickers,omitempty"`
	Theme   string   `toml:"theme,omitempty"`
	View    string   `toml:"view,omitempty"`
	Sort    string   `toml:"sort,omitempty"` // a column, with - before it when reversed
	Tab     string   `toml:"tab,omitempty"`

	// Columns of pages, by the page's name; none are all that fit. The tape's are
	// its tabs'.
	Columns map[string][]string `toml:"columns,omitempty"`
}

// With are the choices, replaced by what others say.
func (c Choices) With(other Choices) Choices {
	if len(other.Tickers) > 0 {
		c.Tickers = other.Tickers
	}
	c.Theme, c.View = cmp.Or(other.Theme, c.Theme), cmp.Or(other.View, c.View)
	c.Sort, c.Tab = cmp.Or(other.Sort, c.Sort), cmp.Or(other.Tab, c.Tab)
	if len(other.Columns) > 0 {
		c.Columns = maps.Clone(c.Columns)
		if c.Columns == nil {
			c.Columns = make(map[string][]string)
		}
		maps.Copy(c.Columns, other.Columns)
		maps.DeleteFunc(c.Columns, func(_ string, names []string) bool { return len(names) == 0 })
	}
	return c
}

// Tab is a saved filter with its sort and columns. What the words mean, the
// screen judges.
type Tab struct {
	Name    string   `toml:"name"`
	Filter  string   `toml:"filter,omitempty"`
	Sort    string   `toml:"sort,omitempty"`    // a column, with - before it when reversed; "" is the newest first
	Columns []string `toml:"columns,omitempty"` // none: those of the settings
	Bell    bool     `toml:"bell,omitempty"`    // ring when a burst comes in

	// Of is the name of the tab of the settings that this one, changed on the screen,
	// stands for; "" is a tab of its own. Was is what that tab said then, where the
	// config file has it: once the file says something else, the file goes first.
	Of  string `toml:"of,omitempty"`
	Was string `toml:"was,omitempty"`
}

// Same reports whether two tabs are alike, whatever they stand for.
func (t *Tab) Same(o *Tab) bool { return t.String() == o.String() }

// String is what a tab says.
func (t *Tab) String() string {
	return fmt.Sprintf("%q filter %q sort %q columns %q bell %t", t.Name, t.Filter, t.Sort, t.Columns, t.Bell)
}

// Tabs are those saved from the screen.
type Tabs []Tab

// MostLines is how many lines of a kind are kept: nobody presses ↑ more often.
const MostLines = 100

// Lines are lines typed before, oldest first.
type Lines struct {
	Filters  []string `toml:"filters"`
	Commands []string `toml:"commands"`
}

// Volumes are the volumes of this session and earlier ones.
type Volumes []model.SessionVolume

func (Choices) item() {}
func (Tabs) item()    {}
func (Lines) item()   {}
func (Pins) item()    {}
func (Volumes) item() {}
