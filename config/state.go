package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pelletier/go-toml/v2"

	"optflow/model/memory"
	"optflow/model/ticker"
)

// Files of the state folder.
const (
	stateName = "state.toml"
	logName   = "optflow.log"
)

// choiceOf is what was remembered for a setting, "" nothing. The tickers are not
// among them: they are judged one by one.
func choiceOf(c *memory.Choices, key string) string {
	if key == "theme" {
		return c.Theme
	}
	return ""
}

// clean drops what cannot have been written by us: the state is a file, and
// files get changed.
func clean(c *memory.Choices) {
	for _, f := range []*string{&c.Theme, &c.View, &c.Sort, &c.Tab} {
		if len(*f) > 64 || oneLine(*f) != nil {
			*f = ""
		}
	}
}

// savedChoices are the choices, kept in a state file. What ours do not speak of
// stays, whoever wrote it.
func savedChoices(statePath string) *kept[memory.Choices] {
	return &kept[memory.Choices]{
		path: statePath, what: "remember the settings", read: recallChoices,
		save:  func(path string, c memory.Choices) error { return store(path, c) },
		merge: func(_, ours, theirs memory.Choices) memory.Choices { return theirs.With(ours) },
	}
}

// recallChoices reads them. No file is no error: nothing was remembered.
func recallChoices(path string) (memory.Choices, error) {
	var c memory.Choices
	if path == "" {
		return c, nil
	}
	text, err := readBounded(path, false)
	if absent(err) {
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("read what was remembered: %w", err)
	}
	if err := toml.Unmarshal(text, &c); err != nil {
		return memory.Choices{}, errors.New("read what was remembered: " + stateName + " is not as it was written")
	}
	return c, nil
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
	choices, err := recallChoices(s.StatePath)
	if err != nil {
		l.warn(plain(err.Error()))
		return
	}
	clean(&choices)
	s.Remembered = choices
	if len(choices.Tickers) == 0 {
		return
	}
	for _, word := range choices.Tickers {
		if symbol, err := ticker.Read(word); err == nil && len(s.Tickers) < mostTickers {
			s.Tickers = append(s.Tickers, symbol)
		}
	}
	s.sources["tickers"] = Source{Kind: FromState}
}
