package state

import (
	"fmt"

	"optflow/model"
	"optflow/model/memory"
)

// Memory is what is remembered from one run to the next, in files beside the
// state file. Several copies of the program may share them.
type Memory struct {
	began    memory.Choices
	choices  *kept[memory.Choices]
	tabs     *kept[memory.Tabs]
	lines    *kept[memory.Lines]
	pins     *kept[memory.Pins]
	volumes  *kept[memory.Volumes]
	invented bool
}

// New is the memory in the folder of a state file, whose choices were read
// before; a path of "" remembers nothing. An invented market is another one in
// each run, so its contracts and volumes are not kept.
func New(path string, choices memory.Choices, invented bool) *Memory {
	return &Memory{
		began: choices, choices: savedChoices(path), tabs: savedTabs(path), lines: savedLines(path),
		pins: savedPins(path), volumes: savedVolumes(path), invented: invented,
	}
}

// Recall is what earlier runs left, without what could not be read: an error
// each says so.
func (m *Memory) Recall() (r memory.Remembered, failed []error) {
	r.Choices, r.Lines, r.Tabs = m.began, recalled(m.lines, &failed), recalled(m.tabs, &failed)
	if !m.invented {
		r.Volumes = model.NewVolumes(recalled(m.volumes, &failed))
		r.Pins = recalled(m.pins, &failed)
	}
	return r, failed
}

func recalled[T any](k *kept[T], failed *[]error) T {
	value, err := k.recall()
	if err != nil {
		*failed = append(*failed, err)
	}
	return value
}

// Keep has something remembered. Calls must not overlap.
func (m *Memory) Keep(item memory.Item) error {
	switch x := item.(type) {
	case memory.Choices:
		return m.choices.remember(x)
	case memory.Tabs:
		return m.tabs.remember(x)
	case memory.Lines:
		return m.lines.remember(x)
	case memory.Pins:
		if !m.invented {
			return m.pins.remember(x)
		}
	case memory.Volumes:
		if !m.invented {
			return m.volumes.remember(x)
		}
	default:
		return fmt.Errorf("nobody remembers %T", item)
	}
	return nil
}
