package config

import (
	"fmt"
	"strconv"
)

// Kind is a rank of sources; a higher one goes first.
type Kind uint8

// Kinds of sources, from the last to the first.
const (
	FromDefault Kind = iota
	FromState        // remembered from the last run
	FromFile         // the config file
	FromDotEnv       // .env in the working directory
	FromEnvironment
	FromFlag
)

// Source is where a value came from.
type Source struct {
	Kind Kind
	Name string // flag, variable or file; safe to print
	Line int    // in a file, 0 unknown
}

// String is what a person looks for: "--fps", "OPTFLOW_FPS", "OPTFLOW_FPS in
// .env:3", "config.toml:3", "remembered" or "default".
func (s Source) String() string {
	switch s.Kind {
	case FromDefault:
		return "default"
	case FromState:
		return "remembered"
	case FromDotEnv:
		if s.Name == "" {
			return dotEnv + line(s.Line)
		}
		return s.Name + " in " + dotEnv + line(s.Line)
	}
	return s.Name + line(s.Line)
}

func line(n int) string {
	if n == 0 {
		return ""
	}
	return ":" + strconv.Itoa(n)
}

// Error is a setting that cannot be used. Its fields are safe to print.
type Error struct {
	Key     string // "fps", "" when it is not about one setting
	Value   string // quoted and cut, "" when it is not to be shown
	Source  string // as of Source.String
	Problem string // what is wrong
	Allowed string // what would be right, "" when Problem says it
}

// Error is one sentence with all of it.
func (e *Error) Error() string {
	text := e.Source + ": "
	switch {
	case e.Key != "" && e.Value != "":
		text = fmt.Sprintf("%s: %s from %s ", e.Key, e.Value, e.Source)
	case e.Key != "":
		text = fmt.Sprintf("%s: the value from %s ", e.Key, e.Source)
	}
	text += e.Problem
	if e.Allowed != "" {
		text += "; allowed: " + e.Allowed
	}
	return text
}
