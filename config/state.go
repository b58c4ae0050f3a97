package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pelletier/go-toml/v2"
)

const stateName = "state.toml"

// State is what is remembered from one run to the next.
type State struct {
	Tickers []string `toml:"tickers"`
}

// Recall reads the remembered state. No file is no error: nothing was remembered.
func Recall(path string) (State, error) {
	var state State
	if path == "" {
		return state, nil
	}
	text, err := readBounded(path, false)
	if errors.Is(err, fs.ErrNotExist) {
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

// Remember writes the state for the next run, whole or not at all, readable by
// its user only. A path of "" (no home) remembers nothing, which is no error.
func Remember(path string, state State) error {
	if path == "" {
		return nil
	}
	text, err := toml.Marshal(state)
	if err != nil {
		return fmt.Errorf("remember the settings: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("remember the settings: %w", err)
	}
	if err := replace(path, text); err != nil {
		return fmt.Errorf("remember the settings: %w", err)
	}
	return nil
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

// recall takes the remembered tickers, for apply to keep when no source goes
// first.
func (l *loader) recall() {
	if l.StateHome == "" {
		return
	}
	s := l.settings
	s.StatePath = filepath.Join(l.StateHome, appDir, stateName)
	state, err := Recall(s.StatePath)
	if err != nil {
		l.warn(plain(err.Error()))
		return
	}
	if len(state.Tickers) == 0 {
		return
	}
	for _, word := range state.Tickers {
		if symbol, err := ticker(word); err == nil && len(s.Tickers) < mostTickers {
			s.Tickers = append(s.Tickers, symbol)
		}
	}
	s.sources["tickers"] = Source{Kind: FromState}
}
