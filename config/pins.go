package config

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

// SavedPins are the pinned contracts, kept beside a state file.
func SavedPins(statePath string) *Kept[[]Pin] {
	return &Kept[[]Pin]{
		path: beside(statePath, pinsName), what: "keep the pinned contracts",
		read: recallPins, save: func(path string, pins []Pin) error { return store(path, pinsFile{pins}) },
		merge: mergeLists(func(p Pin) string { return p.Contract }, nil),
	}
}

func recallPins(path string) ([]Pin, error) {
	var file pinsFile
	if err := load(path, pinsFileMost, "pinned contracts", &file); err != nil {
		return nil, err
	}
	return file.Pins[:min(len(file.Pins), mostPins)], nil
}
