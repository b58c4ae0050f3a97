// Package config finds out what the user wants: flags before the environment,
// before the .env file of the working directory, before the config file, before
// what was remembered, before defaults. One table of settings feeds all of them,
// their help and their errors. It promises that every value knows where it came
// from, that a wrong one is named with its key, its source and what is allowed,
// and that the API key is never part of anything it prints.
package config

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"optflow/model/memory"
	"optflow/model/ticker"
)

// Settings are the effective settings. Amounts are in dollars.
type Settings struct {
	Tickers   []string
	Window    time.Duration // of a row: 1 s or 1 min
	Subscribe string        // "auto", "contracts" or "all"
	Feed      string        // "auto", "realtime" or "delayed"

	WSURL        string // where the stream is, with its path
	DelayedWSURL string // the delayed host that belongs to it, "" when there is none
	RESTURL      string // without a slash at its end
	Compression  string // "off" or "on"
	WSDialect    string // "massive" or "origin"
	APIKeyFile   string // "" none
	Key          Secret // "" none
	Withheld     string // why a key that is there is not used; "" none is

	MinPremium     float64
	Floors         map[string]float64 // per underlying, from [floor]
	Whales         map[string]float64 // per underlying, from [whale]
	Filter         string
	Interval       time.Duration // burst interval, 0 off
	PollInterval   time.Duration
	EnrichInterval time.Duration
	AutoRefresh    bool
	MaxRows        int
	FPS            int
	Mouse          bool
	ReducedMotion  bool   // nothing moves by itself
	Calm           bool   // one line changes at a time
	Color          string // "auto" (the terminal decides), "always" or "never"
	TimeZone       string // "exchange", "local" or "utc"
	Notify         string // "auto", "osc9", "osc777", "osc99" or "off"
	Theme          string // a name, or "auto"; which names there are, the screen knows
	ASCII          string // "auto" (the locale decides), "true" or "false"
	Columns        []string
	Themes         map[string]map[string]string // [themes.NAME]: a colour by role
	Keys           map[string][]string          // [keys]: keys by action
	Tabs           memory.Tabs                  // [[tabs]]; none: the screen's own
	Lists          []ticker.Named               // [lists], by name
	Alerts         Alerts                       // [[alerts]], [exec.NAME], [hook.NAME] and alerts.toml
	History        bool                         // the day is recorded
	HistoryDir     string                       // where, "" when it cannot be
	HistoryKeep    int                          // sessions of each feed, 0 all
	HistorySize    int64                        // bytes, 0 without a limit
	HistoryParquet bool                         // rows of past days are kept as Parquet, too
	Alone          bool                         // another optflow on the key is not followed
	Hub            string                       // URL of the hub at which the log is published, "" none
	Follows        string                       // URL of the hub whose market is followed, "" none
	Licensed       int                          // [serve]: other people whom an agreement lets see the data

	ConfigPath string         // of the config file, "" when there can be none
	LogFile    string         // "" none
	StatePath  string         // of the remembered state, "" when there can be none
	Remembered memory.Choices // from the last run; what is a setting as well is in that setting
	Warnings   []string       // sentences for the user; safe to print

	sources map[string]Source
}

// Options are all that Load looks at, so that a test can give all of it.
type Options struct {
	Flags      *pflag.FlagSet    // with AddFlags' flags, parsed; nil none
	Env        []string          // as of os.Environ
	Dir        string            // working directory: .env and relative paths
	ConfigHome string            // $XDG_CONFIG_HOME, "" none
	StateHome  string            // $XDG_STATE_HOME, "" none
	DataHome   string            // $XDG_DATA_HOME, "" none
	Forget     bool              // nothing that was remembered counts, and no log is kept unasked
	Defaults   map[string]string // a command's own defaults by key
}

// Source is where the value of a setting came from.
func (s *Settings) Source(key string) Source { return s.sources[key] }

// Wrong is the error for a value that only its user can judge, such as a filter.
func (s *Settings) Wrong(key, value, problem string) *Error {
	hide := hider{s.Key.Reveal()}.hide // the key may have been typed in the wrong place
	e := &Error{Key: key, Source: s.sources[key].String(), Value: quote(hide(value)), Problem: hide(problem)}
	if d := find(key); d != nil {
		e.Allowed = d.Allowed
	}
	return e
}

// loader is one run of Load.
type loader struct {
	Options
	settings *Settings
	env      map[string]string
	dot      map[string]given
	file     map[string]given
	hider    hider // the keys seen, so that no text shows them
	errs     []error
	moreErrs int // beyond those in errs
}

// given is a value as text and where it was given.
type given struct {
	text string
	from Source
}

// Load reads every source. The error joins one *Error for each thing that is
// wrong; of the settings there are then the Warnings only.
func Load(o Options) (*Settings, error) {
	l := newLoader(o)
	l.refuseKeyFlag()
	l.readDotEnv()
	l.hideKeys()
	l.readFile()
	l.recall()
	l.screenRules()
	return l.settle()
}

func newLoader(o Options) *loader {
	l := &loader{
		Options:  o,
		settings: &Settings{Floors: map[string]float64{}, Whales: map[string]float64{}, Themes: map[string]map[string]string{}, Keys: map[string][]string{}, sources: map[string]Source{}},
		env:      environment(o.Env),
	}
	capitals(l.env, append(slices.Clone(keyNames), "MASSIVE_API_KEY_FILE"))
	return l
}

// settle decides every setting once all sources have been read.
func (l *loader) settle() (*Settings, error) {
	l.loadKey()
	for i := range table {
		l.apply(&table[i])
	}
	l.checkNames()
	l.checkListNames()
	l.finish()
	l.countUntold()
	if len(l.errs) > 0 {
		return &Settings{Warnings: l.settings.Warnings}, errors.Join(l.errs...)
	}
	return l.settings, nil
}

// environment is the last value of each name. What is set to nothing counts as
// not set.
func environment(entries []string) map[string]string {
	env := make(map[string]string, len(entries))
	for _, entry := range entries {
		if name, value, found := strings.Cut(entry, "="); found && name != "" && value != "" {
			env[name] = value
		}
	}
	return env
}

// lookup finds the value of a setting in the first source that has one.
func (l *loader) lookup(d *Setting) given {
	for _, kind := range []Kind{FromFlag, FromEnvironment, FromDotEnv, FromFile} {
		if g, set := l.from(d, kind); set {
			return g
		}
	}
	if theme := l.settings.Remembered.Theme; d.Key == "theme" && theme != "" {
		return given{theme, Source{Kind: FromState}}
	}
	if text, set := l.Defaults[d.Key]; set {
		return given{text, Source{}}
	}
	return given{d.Default, Source{}}
}

// from is the value of a setting in one kind of source.
func (l *loader) from(d *Setting, kind Kind) (g given, set bool) {
	switch kind {
	case FromFlag:
		if l.Flags != nil {
			if f := l.Flags.Lookup(d.Key); f != nil && f.Changed {
				return given{f.Value.String(), Source{Kind: FromFlag, Name: "--" + d.Key}}, true
			}
		}
	case FromEnvironment:
		for _, name := range d.Env {
			if value, set := l.env[name]; set {
				return given{value, Source{Kind: FromEnvironment, Name: name}}, true
			}
		}
	case FromDotEnv:
		for _, name := range d.Env {
			if g, set := l.dot[name]; set && !d.notDotEnv && (d.ownServer == "" || l.vendorsOwn(d.ownServer)) {
				return g, true
			}
		}
	case FromFile:
		g, set = l.file[d.Key]
	}
	return g, set
}

// apply reads the value of one setting that counts.
func (l *loader) apply(d *Setting) {
	g := l.lookup(d)
	if d.Key == "tickers" && g.from.Kind == FromDefault && len(l.settings.Tickers) > 0 {
		return // remembered
	}
	l.settings.sources[d.Key] = g.from
	if err := d.set(l.settings, g.text); err != nil {
		l.wrong(d, g, err.Error())
	}
}

func (l *loader) wrong(d *Setting, g given, problem string) {
	value := l.hider.hide(g.text)
	if d.isURL {
		value = showURL(value)
	}
	l.fail(&Error{
		Key: d.Key, Value: quote(value), Source: l.hider.hide(g.from.String()),
		Problem: l.hider.hide(problem), Allowed: d.Allowed,
	})
}

func (l *loader) warn(sentence string) {
	l.settings.Warnings = append(l.settings.Warnings, l.hider.hide(sentence))
}

// checkNames warns of variables that look like ours and are not.
func (l *loader) checkNames() {
	known := map[string]bool{}
	for i := range table {
		for _, name := range table[i].Env {
			known[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.env)) {
		if strings.HasPrefix(name, envPrefix) && !known[name] {
			l.warn(shownName(name) + " is no setting" + l.suggest(name, slices.Sorted(maps.Keys(known))))
		}
	}
	var inFile []string
	for _, name := range slices.Sorted(maps.Keys(l.dot)) {
		if strings.HasPrefix(name, envPrefix) && !known[name] {
			inFile = append(inFile, name)
		}
	}
	l.warnOfEach(inFile, func(name string) string {
		return shownName(name) + " in .env is no setting" + l.suggest(name, slices.Sorted(maps.Keys(known)))
	}, " more names in .env that begin with "+envPrefix+" are no settings")
	for i := range table {
		if g, set := l.dot[table[i].Env[0]]; set && table[i].notDotEnv {
			l.warn(g.from.String() + " is not heeded: a working directory does not choose " + table[i].Help[:strings.IndexAny(table[i].Help+";", ";")])
		} else if set && table[i].ownServer != "" && !l.vendorsOwn(table[i].ownServer) {
			l.warn(g.from.String() + " is not heeded: a working directory chooses " + table[i].Help[:strings.IndexAny(table[i].Help+";", ";")] + " for Massive's own only; --" + table[i].Key + " does for any")
		}
	}
}

func (l *loader) suggest(name string, known []string) string {
	if name == envPrefix+"API_KEY" {
		return "; the key is read from MASSIVE_API_KEY"
	}
	if near := nearest(name, known); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}
