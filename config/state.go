package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pelletier/go-toml/v2"

	"optflow/model/ticker"
)

// Files of the state folder.
const (
	stateName = "state.toml"
	logName   = "optflow.log"
)

// State is what is remembered from one run to the next.
type State struct {
	Tickers []string `toml:"tickers,omitempty"`
	Theme   string   `toml:"theme,omitempty"`
	View    string   `toml:"view,omitempty"`
	Sort    string   `toml:"sort,omitempty"` // a column, with - before it when reversed
	Tab     string   `toml:"tab,omitempty"`
}

// With is the state with what another one says in place of its own; what that
// one does not say stays.
func (s State) With(other State) State {
	if len(other.Tickers) > 0 {
		s.Tickers = other.Tickers
	}
	for _, f := range []struct{ into, from *string }{
		{&s.Theme, &other.Theme}, {&s.View, &other.View}, {&s.Sort, &other.Sort}, {&s.Tab, &other.Tab},
	} {
		if *f.from != "" {
			*f.into = *f.from
		}
	}
	return s
}

// setting is what was remembered for a setting, "" nothing. The tickers are not
// among them: they are judged one by one.
func (s *State) setting(key string) string {
	if key == "theme" {
		return s.Theme
	}
	return ""
}

// clean drops what cannot have been written by us: the state is a file, and
// files get changed.
func (s *State) clean() {
	for _, f := range []*string{&s.Theme, &s.View, &s.Sort, &s.Tab} {
		if len(*f) > 64 || oneLine(*f) != nil {
			*f = ""
		}
	}
}

// Recall reads the remembered state. No file is no error: nothing was remembered.
func Recall(path string) (State, error) {
	var state State
	if path == "" {
		return state, nil
	}
	text, err := readBounded(path, false)
	if absent(err) {
		return state, nil
	}
	if err != nil {
		return State{}, fmt.Errorf("read what was remembered: %w", err)
	}
	if err := toml.Unmarshal(text, &state); err != nil {
		return State{}, errors.New("read what was remembered: " + stateName + " is not as it was written")
	}
	return state, nil
}

// Remember changes what is remembered to what the state says; what it does not
// say stays, whoever wrote it. The file is written whole or not at all, readable
// by its user only. A path of "" (no home) remembers nothing, which is no error.
func Remember(path string, state State) error {
	kept := Kept[State]{
		path: path, what: "remember the settings", read: Recall,
		save:  func(path string, s State) error { return store(path, s) },
		merge: func(_, ours, theirs State) State { return theirs.With(ours) },
	}
	return kept.Remember(state)
}

// store writes a value as TOML.
func store(path string, value any) error {
	text, err := toml.Marshal(value)
	if err != nil {
		return err
	}
	return replace(path, text)
}

// replace writes a file beside the old one and puts it in its place.
func replace(path string, text []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+stateName+"-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(text)
	if synced := f.Sync(); err == nil {
		err = synced
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}

// beside is the path of another file of the state folder, "" for "".
func beside(statePath, name string) string {
	if statePath == "" {
		return ""
	}
	return filepath.Join(filepath.Dir(statePath), name)
}

// load reads a file of the state folder, of at most so many bytes, as TOML. No
// file, or a path of "", is no error and leaves the value as it is. The error
// does not quote what the file holds.
func load(path string, most int64, what string, into any) error {
	if path == "" {
		return nil
	}
	switch info, err := os.Stat(path); {
	case absent(err):
		return nil
	case err != nil:
		return fmt.Errorf("read %s: %w", what, err)
	case !info.Mode().IsRegular() || info.Size() > most:
		return fmt.Errorf("read %s: %s is not as it was written", what, filepath.Base(path))
	}
	text, err := ReadFile(path)
	if err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	if err := toml.Unmarshal(text, into); err != nil {
		return fmt.Errorf("read %s: %s is not as it was written", what, filepath.Base(path))
	}
	return nil
}

// recall takes the remembered tickers, for apply to keep when no source goes
// first.
func (l *loader) recall() {
	if l.StateHome == "" {
		return
	}
	s := l.settings
	s.StatePath = filepath.Join(l.StateHome, appDir, stateName)
	if l.Forget {
		return
	}
	state, err := Recall(s.StatePath)
	if err != nil {
		l.warn(plain(err.Error()))
		return
	}
	state.clean()
	s.Remembered = state
	if len(state.Tickers) == 0 {
		return
	}
	for _, word := range state.Tickers {
		if symbol, err := ticker.Read(word); err == nil && len(s.Tickers) < mostTickers {
			s.Tickers = append(s.Tickers, symbol)
		}
	}
	s.sources["tickers"] = Source{Kind: FromState}
}
