package config

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"optflow/config/alerts"
)

// Line is one line of the table of effective settings. All of it is safe to
// print.
type Line struct {
	Key, Value, Source string
}

// Describe is the table of effective settings. Of the key it says whether there
// is one, how long it is and where it came from.
func (s *Settings) Describe() []Line {
	hide := hider{s.Key.Reveal()}
	var lines []Line
	for i := range table {
		d := &table[i]
		lines = append(lines, Line{d.Key, hide.known(d.show(s)), hide.known(s.sources[d.Key].String())})
		if d.Key == "api-key-file" {
			lines = append(lines, s.describeKey())
		}
	}
	for _, section := range sections {
		amounts := s.amounts(section)
		for _, symbol := range slices.Sorted(maps.Keys(amounts)) {
			key := section + "." + symbol
			lines = append(lines, Line{key, showAmount(amounts[symbol]), s.sources[key].String()})
		}
	}
	for _, list := range s.Lists {
		key := listsTable + "." + list.Name
		lines = append(lines, Line{key, hide.known(strings.Join(list.Tickers, ",")), s.sources[key].String()})
	}
	if s.Licensed > 0 {
		lines = append(lines, Line{serveTable + ".licensed-viewers", fmt.Sprint(s.Licensed), s.sources[serveTable].String()})
	}
	return append(lines, s.describeAlerts()...)
}

// describeAlerts are the rules and where they go. Of a hook there is its host.
func (s *Settings) describeAlerts() (lines []Line) {
	hide := hider(s.Secrets())
	for i := range s.Alerts.Rules {
		r := &s.Alerts.Rules[i]
		value := plain(r.When)
		if len(r.To) > 0 {
			value += " -> " + strings.Join(r.To, ", ")
		}
		if r.Off {
			value += ", off"
		}
		lines = append(lines, Line{alerts.RulesTable + "." + plain(r.Name), hide.known(value), hide.known(r.From("name"))})
	}
	for _, name := range slices.Sorted(maps.Keys(s.Alerts.Execs)) {
		e := s.Alerts.Execs[name]
		key := alerts.ExecTable + "." + name
		lines = append(lines, Line{key, hide.known(plain(e.Argv[0])), s.sources[alerts.ExecTable].String()})
	}
	for _, name := range slices.Sorted(maps.Keys(s.Alerts.Hooks)) {
		h := s.Alerts.Hooks[name]
		key := alerts.HookTable + "." + name
		value := h.Format + " at " + h.Host()
		if h.Off != "" {
			value = h.Format + ", off: " + h.Off
		}
		lines = append(lines, Line{key, value, s.sources[alerts.HookTable].String()})
	}
	return lines
}

func (s *Settings) describeKey() Line {
	l := Line{Key: keyKey, Value: "not set", Source: "-"}
	if n := len(s.Key); n > 0 {
		l.Source = s.sources[keyKey].String()
		l.Value = fmt.Sprintf("set, %d characters", n)
	}
	return l
}

// WriteTable prints Describe in columns.
func (s *Settings) WriteTable(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, l := range s.Describe() {
		if _, err := fmt.Fprintf(tw, "%s\t%s\t%s\n", l.Key, cmp.Or(l.Value, "-"), l.Source); err != nil {
			return fmt.Errorf("print the settings: %w", err)
		}
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("print the settings: %w", err)
	}
	return nil
}

// Example is a config file with every setting as a comment, at its default.
func Example() string {
	var b strings.Builder
	b.WriteString("# Settings of optflow. Take the # off the lines to change.\n")
	for i := range table {
		d := &table[i]
		if d.notFile {
			continue
		}
		value := fmt.Sprintf("%q", d.Default)
		switch {
		case d.list && d.Default == "":
			value = "[]"
		case d.list:
			value = `["` + strings.ReplaceAll(d.Default, ",", `", "`) + `"]`
		case d.Type == typeBool || d.Type == "number":
			value = d.Default
		}
		fmt.Fprintf(&b, "\n# %s\n# Allowed: %s.\n# %s = %s\n", d.Help, d.Allowed, d.Key, value)
	}
	b.WriteString("\n# The floor of single underlyings.\n# [floor]\n# SPY = \"100k\"\n")
	b.WriteString("\n# From which premium a row of single underlyings is a whale.\n# [whale]\n# SPX = \"5m\"\n")
	b.WriteString("\n# Lists of tickers: @mag7 in tickers, in filters and in the ticker picker, and :list mag7.\n# [lists]\n# mag7 = \"AAPL,AMZN,GOOGL,META,MSFT,NVDA,TSLA\"\n")
	b.WriteString("\n# A theme of one's own: colours by role, over those of a theme that is there. A colour is\n" +
		"# #rrggbb, a number of the 256 colours, a name of the 16, or several of these, one for each kind of terminal.\n" +
		"# [themes.paper]\n# base = \"light\"\n# call = \"#005fd7 26 blue\"\n# put = \"#af5f00 130 magenta\"\n")
	b.WriteString("\n# Tabs, on the keys 1 to 9, in place of the built-in ones. All but the name can be left out.\n" +
		"# [[tabs]]\n# name = \"Big\"\n# filter = \"prem>=1m abs(delta)<0.9\"\n# sort = \"-time\"\n" +
		"# columns = [\"premium\", \"size\", \"top\"]\n# bell = true\n")
	b.WriteString(exampleAlerts)
	b.WriteString(exampleServe)
	b.WriteString("\n# Keys: an action and one key, or a list of keys; [] is none. `optflow keys` lists the actions.\n# [keys]\n# freeze = [\"space\"]\n")
	return b.String()
}

// exampleServe is what the example says of other people.
var exampleServe = "\n# Who else may see the data over ssh (optflow serve). Without both lines only its owner may: the terms of an\n" +
	"# individual plan forbid showing it to others. They count in this file only, and to the letter.\n" +
	"# [serve]\n# licensed-viewers = 3\n# licence = \"" + Licence(3) + "\"\n"

// exampleAlerts is what the example says of alerts.
const exampleAlerts = `
# Alerts: when is a line of the filter language, on is burst, contract or ticker, to says who is told:
# bell, notify (the terminal), log (alerts.jsonl beside the remembered state), exec:NAME, hook:NAME.
# Only the name and when are needed. Before you have alerts sent to others: the licence of your data
# may forbid passing any of it on, be it to a chat of your own company.
# [[alerts]]
# name = "nvda asks"
# when = "nvda prem>=500k side=ask sure"
# on = "burst"
# to = ["bell", "notify", "log"]
# cooldown = "60s contract"
# hours = "09:30-16:00"
# max = "20/h"

# A program that gets each alert as JSON on its standard input. No shell, no arguments from the feed.
# [exec.scribe]
# argv = ["/path/to/program", "argument"]
# env = ["NAME"]

# A hook. Its address is a secret: it stands in a variable, or in a file that only you can read.
# format is json, slack, discord or ntfy. Addresses of your own network want private, true, as well.
# [hook.desk]
# format = "slack"
# url_env = "DESK_HOOK"
`
