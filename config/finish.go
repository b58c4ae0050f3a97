package config

import (
	"cmp"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// finish settles what depends on several settings.
func (l *loader) finish() {
	l.colour()
	l.logFile()
	l.historyDir()
	if len(l.errs) > 0 {
		return // what follows would judge values that are not there
	}
	l.channel()
	l.delayedHost()
	l.trust()
}

// channel makes the stream's path what the dialect wants. Massive's is the
// cluster, /options; with a channel behind it, it answers 404. The origin dialect
// has the channel in the path.
func (l *loader) channel() {
	s := l.settings
	u, err := url.Parse(s.WSURL)
	if err != nil {
		return // cannot happen: it was read before
	}
	base, channel := u.Path, ""
	for _, suffix := range []string{"/A", "/AM"} {
		if stem, found := strings.CutSuffix(u.Path, suffix); found {
			base, channel = stem, suffix
		}
	}
	base = cmp.Or(base, "/options")
	if channel != "" && s.sources["window"].Kind == FromDefault && l.Defaults["window"] == "" {
		s.Window = map[string]time.Duration{"/A": time.Second, "/AM": time.Minute}[channel]
		s.sources["window"] = s.sources["ws-url"]
	}
	if s.WSDialect == "massive" {
		if channel != "" {
			l.warn("ws-url: " + channel + " at the end of the URL from " + s.sources["ws-url"].String() + " is left out: the channel is no part of Massive's URL")
		}
		s.WSURL = u.Scheme + "://" + u.Host + base
		return
	}
	if isVendor(u.Hostname()) {
		l.warn("ws-dialect: Massive's own servers do not speak the origin dialect")
	}
	s.WSURL = u.Scheme + "://" + u.Host + base + map[time.Duration]string{time.Second: "/A", time.Minute: "/AM"}[s.Window]
}

// delayedHost finds the delayed stream beside the chosen one. Only the vendor has
// one; a gateway is what it is, whichever stream is asked for.
func (l *loader) delayedHost() {
	s := l.settings
	u, err := url.Parse(s.WSURL)
	if err != nil {
		return // cannot happen: it was read before
	}
	switch u.Host {
	case "socket.massive.com", "socket.polygon.io":
		s.DelayedWSURL = strings.Replace(s.WSURL, "://socket.", "://delayed.", 1)
	case "delayed.massive.com", "delayed.polygon.io":
		s.DelayedWSURL = s.WSURL
		if s.Feed == "realtime" {
			l.warn("feed: realtime was asked for, but ws-url is the delayed host")
		}
		s.Feed = "delayed"
		s.sources["feed"] = s.sources["ws-url"]
	default:
		if s.Feed == "delayed" {
			s.DelayedWSURL = s.WSURL
		}
	}
}

// colour follows the conventions of the environment where nothing was chosen:
// NO_COLOR goes before CLICOLOR_FORCE, and that before CLICOLOR.
func (l *loader) colour() {
	s := l.settings
	if s.Color != "auto" {
		return
	}
	for _, rule := range []struct {
		name, to string
		holds    func(value string) bool
	}{
		{"NO_COLOR", "never", func(value string) bool { return value != "" }},
		{"CLICOLOR_FORCE", "always", func(value string) bool { return value != "" && value != "0" }},
		{"FORCE_COLOR", "always", func(value string) bool { return value != "" && value != "0" && value != "false" }},
		{"CLICOLOR", "never", func(value string) bool { return value == "0" }},
	} {
		if rule.holds(l.env[rule.name]) {
			s.Color, s.sources["color"] = rule.to, Source{Kind: FromEnvironment, Name: rule.name}
			return
		}
	}
}

// logFile settles where the log is.
func (l *loader) logFile() {
	s := l.settings
	switch s.LogFile {
	case "none":
		s.LogFile = ""
	case "auto":
		s.LogFile = ""
		if l.StateHome != "" && !l.Forget {
			s.LogFile = filepath.Join(l.StateHome, appDir, "optflow.log")
		}
	default:
		s.LogFile = l.pathFrom(s.sources["log-file"], s.LogFile)
	}
}

// historyDir settles where days are recorded.
func (l *loader) historyDir() {
	s := l.settings
	if s.HistoryDir == "auto" {
		s.HistoryDir = ""
		if l.DataHome != "" {
			s.HistoryDir = filepath.Join(l.DataHome, appDir, "history")
		} else if s.History && (s.Key != "" || s.sources["ws-url"].Kind != FromDefault) {
			l.warn("the day is not recorded: without a home there is no folder for it, and history-dir names none")
		}
		return
	}
	s.HistoryDir = l.pathFrom(s.sources["history-dir"], s.HistoryDir)
}
