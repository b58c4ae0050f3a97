package config

import "fmt"

const (
	pinsName     = "pins.toml"
	pinsFileMost = 1 << 16
	mostPins     = 16
)

// Pin is a contract that stands above the tape, with its open interest as of two
// trading dates; a date of "" is none.
type Pin struct {
	Contract string `toml:"contract"` // as Massive writes it
	Date     string `toml:"date,omitempty"`
	Interest uint32 `toml:"open_interest"`
	Before   string `toml:"before,omitempty"` // the trading date noted before that
	Earlier  uint32 `toml:"open_interest_before"`
}

type pinsFile struct {
	Pins []Pin `toml:"pins"`
}

// PinsPath is where pinned contracts are kept beside a state file, "" for "".
func PinsPath(statePath string) string { return beside(statePath, pinsName) }

// RecallPins reads the contracts that were pinned. No file is no error.
func RecallPins(path string) ([]Pin, error) {
	var file pinsFile
	if err := load(path, pinsFileMost, "pinned contracts", &file); err != nil {
		return nil, err
	}
	return file.Pins[:min(len(file.Pins), mostPins)], nil
}

// RememberPins writes the pinned contracts for the next run, whole or not at
// all. A path of "" keeps nothing, which is no error.
func RememberPins(path string, pins []Pin) error {
	if path == "" {
		return nil
	}
	if err := store(path, pinsFile{pins}); err != nil {
		return fmt.Errorf("keep the pinned contracts: %w", err)
	}
	return nil
}
