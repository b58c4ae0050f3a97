package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"optflow/config/textfile"
)

const typeBool = "bool"

// Setting is one row of the table.
type Setting struct {
	Key     string   // as in the config file; the flag is -- and this
	Default string   // as text
	Type    string   // one word for the value
	Help    string   // half a sentence
	Allowed string   // the values that are taken, in words
	Env     []string // variables, the first that is set counts

	bare      string // what the flag means when nothing follows it
	list      bool   // the flag may be repeated, the file may have an array
	isURL     bool
	notFile   bool   // not in the config file
	notDotEnv bool   // not in .env
	ownServer string // in .env only where this setting's URL is Massive's own; "" always

	set  func(*Settings, string) error // the error only says what is wrong
	show func(*Settings) string
}

var errNotAllowed = errors.New("is not known")

// valued is the setting of a field: read takes a text, show writes the value.
func valued[T any](s Setting, field func(*Settings) *T, read func(text string) (T, error), show func(T) string) Setting {
	s.set = func(to *Settings, text string) (err error) {
		*field(to), err = read(text)
		return err
	}
	s.show = func(of *Settings) string { return show(*field(of)) }
	return s
}

func asItIs(text string) string { return text }

// choice is one of a few words.
func choice(key, def, help string, field func(*Settings) *string, words ...string) Setting {
	s := Setting{Key: key, Default: def, Type: "word", Help: help, Allowed: oneOf(words)}
	return valued(s, field, func(text string) (string, error) {
		text = strings.ToLower(strings.TrimSpace(text))
		if !slices.Contains(words, text) {
			return text, errNotAllowed
		}
		return text, nil
	}, asItIs)
}

// word is one word that others judge.
func word(key, def, help string, field func(*Settings) *string, allowed string) Setting {
	return valued(Setting{Key: key, Default: def, Type: "word", Help: help, Allowed: allowed}, field, oneLine, plain)
}

func oneLine(text string) (string, error) { return strings.TrimSpace(text), textfile.OneLine(text) }

// bare lets a flag stand alone.
func bare(means string, s Setting) Setting {
	s.bare = means
	return s
}

// ownServer lets a .env set it only where the URL of a setting is Massive's own.
func ownServer(of string, s Setting) Setting {
	s.ownServer = of
	return s
}

func oneOf(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// spans is one of a few named lengths of time.
func spans(key, def, help string, field func(*Settings) *time.Duration, allowed string, words map[string]time.Duration) Setting {
	s := Setting{Key: key, Default: def, Type: "span", Help: help, Allowed: allowed}
	return valued(s, field, func(text string) (time.Duration, error) {
		span, known := words[strings.ToLower(strings.TrimSpace(text))]
		if !known {
			return 0, errNotAllowed
		}
		return span, nil
	}, showDuration)
}

func duration(key, def, help string, field func(*Settings) *time.Duration, least, most time.Duration) Setting {
	s := Setting{
		Key: key, Default: def, Type: "duration", Help: help,
		Allowed: fmt.Sprintf("%s to %s, such as 5s or 1m30s", showDuration(least), showDuration(most)),
	}
	return valued(s, field, func(text string) (time.Duration, error) {
		d, err := time.ParseDuration(strings.TrimSpace(text))
		if err != nil {
			return 0, errors.New("is not a duration with its unit")
		}
		return d, bounds(d, least, most)
	}, showDuration)
}

func count(key, def, help string, field func(*Settings) *int, least, most int) Setting {
	s := Setting{Key: key, Default: def, Type: "number", Help: help, Allowed: fmt.Sprintf("%d to %d", least, most)}
	return valued(s, field, func(text string) (int, error) {
		n, err := wholeNumber(text)
		if err != nil {
			return 0, err
		}
		return n, bounds(n, least, most)
	}, strconv.Itoa)
}

func amounts(key, def, help string, field func(*Settings) *float64) Setting {
	return valued(Setting{Key: key, Default: def, Type: "dollars", Help: help, Allowed: allowedAmount}, field, amount, showAmount)
}

func yesNo(key, def, help string, field func(*Settings) *bool) Setting {
	s := Setting{Key: key, Default: def, Type: typeBool, Help: help, Allowed: "true or false"}
	return valued(s, field, func(text string) (bool, error) {
		switch strings.ToLower(strings.TrimSpace(text)) {
		case "true", "on", "yes", "1":
			return true, nil
		case "false", "off", "no", "0":
			return false, nil
		}
		return false, errNotAllowed
	}, strconv.FormatBool)
}

// location is a URL of one of two schemes.
func location(key, def, help string, field func(*Settings) *string, env []string, schemes ...string) Setting {
	s := Setting{
		Key: key, Default: def, Type: "url", Help: help, Env: env, isURL: true,
		Allowed: fmt.Sprintf("%s://HOST or %s://HOST:PORT/PATH, without user, query or key", schemes[1], schemes[0]),
	}
	return valued(s, field, func(text string) (string, error) { return normalURL(text, schemes) }, asItIs)
}

// bus is the URL of a NATS server and, as its path, the name of a feed there.
func bus(key, help string, field func(*Settings) *string) Setting {
	s := Setting{Key: key, Type: "url", Help: help, Allowed: "nats://HOST, nats://HOST:PORT/FEED, or tls:// beyond this machine, without user, query or key", notDotEnv: true}
	return valued(s, field, func(text string) (string, error) {
		if text = strings.TrimSpace(text); text == "" {
			return "", nil
		}
		return normalURL(text, []string{"nats", "tls"})
	}, asItIs)
}

// unlimited is the word for what has no limit.
const unlimited = "all"

// units of bytes, the largest first.
var units = []struct {
	name  string
	bytes int64
}{{"TB", 1 << 40}, {"GB", 1 << 30}, {"MB", 1 << 20}}

// sessions is a number of trading days.
func sessions(key, def, help string, field func(*Settings) *int) Setting {
	s := Setting{Key: key, Default: def, Type: "sessions", Help: help, Allowed: "a number of sessions from 1 on, such as 30 sessions, or all"}
	return valued(s, field, func(text string) (int, error) {
		text = strings.ToLower(strings.TrimSpace(text))
		if text == unlimited {
			return 0, nil
		}
		for _, word := range []string{"sessions", "session", "days", "day"} {
			text = strings.TrimSuffix(text, word)
		}
		n, err := wholeNumber(strings.TrimSpace(text))
		if err != nil {
			return 0, err
		}
		return n, bounds(n, 1, 10_000)
	}, func(n int) string {
		switch n {
		case 0:
			return unlimited
		case 1:
			return "1 session"
		}
		return fmt.Sprintf("%d sessions", n)
	})
}

// dataSize is an amount of data.
func dataSize(key, def, help string, field func(*Settings) *int64) Setting {
	s := Setting{Key: key, Default: def, Type: "size", Help: help, Allowed: "a size from 10MB on, such as 500MB, 5GB or 1TB, or all"}
	return valued(s, field, func(text string) (int64, error) {
		text = strings.ToUpper(strings.TrimSpace(text))
		if text == strings.ToUpper(unlimited) {
			return 0, nil
		}
		for _, u := range units {
			number, is := strings.CutSuffix(text, u.name)
			if !is {
				continue
			}
			n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
			if err != nil || !(n >= 0) || n*float64(u.bytes) < 10<<20 || n*float64(u.bytes) > 1<<50 {
				return 0, errNotAllowed
			}
			return int64(n * float64(u.bytes)), nil
		}
		return 0, errNotAllowed
	}, func(n int64) string {
		if n == 0 {
			return unlimited
		}
		for _, u := range units {
			if n%u.bytes == 0 {
				return fmt.Sprintf("%d%s", n/u.bytes, u.name)
			}
		}
		return strconv.FormatFloat(float64(n)/(1<<20), 'f', -1, 64) + "MB"
	})
}
