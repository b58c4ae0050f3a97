package state

import (
	"optflow/model"
	"optflow/model/memory"
)

const (
	pinsName     = "pins.toml"
	pinsFileMost = 1 << 16
	mostPins     = 16
)

// pinsFile is the file's form: a date that is none is left out.
type pinsFile struct {
	Pins []filedPin `toml:"pins"`
}

type filedPin struct {
	Contract string `toml:"contract"`
	Date     string `toml:"date,omitempty"`
	Interest uint32 `toml:"open_interest"`
	Before   string `toml:"before,omitempty"`
	Earlier  uint32 `toml:"open_interest_before"`
}

// savedPins are the pinned contracts, kept beside a state file.
func savedPins(statePath string) *kept[memory.Pins] {
	return &kept[memory.Pins]{
		path: beside(statePath, pinsName), what: "keep the pinned contracts",
		read: recallPins, save: storePins,
		merge: mergeLists[memory.Pins](func(p memory.Pin) string { return p.Contract }, nil),
	}
}

func recallPins(path string) (pins memory.Pins, err error) {
	var file pinsFile
	if err := load(path, pinsFileMost, "pinned contracts", &file); err != nil {
		return nil, err
	}
	for _, p := range file.Pins[:min(len(file.Pins), mostPins)] {
		pins = append(pins, memory.Pin{Contract: p.Contract, Date: dateOf(p.Date), Interest: p.Interest, Before: dateOf(p.Before), Earlier: p.Earlier})
	}
	return pins, nil
}

func storePins(path string, pins memory.Pins) error {
	var file pinsFile
	for _, p := range pins {
		file.Pins = append(file.Pins, filedPin{Contract: p.Contract, Date: textOf(p.Date), Interest: p.Interest, Before: textOf(p.Before), Earlier: p.Earlier})
	}
	return store(path, file)
}

// dateOf reads a date, 0 for none and for what is none.
func dateOf(text string) model.Date {
	d, err := model.ParseDate(text)
	if err != nil {
		return 0
	}
	return d
}

// textOf writes it, "" for none.
func textOf(d model.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}
