package state

import (
	"errors"
	"fmt"
	"strings"

	"optflow/config/textfile"
	"optflow/model/memory"
)

const tabsName = "tabs.toml"

// Bounds of tabs: nobody finds one among more, and the names have to fit into a
// line.
const (
	MostTabs     = 24
	longestTab   = 16   // runes of a name
	longestWords = 4096 // bytes of a filter
	tabsFileMost = 1 << 18
)

// CheckTab says why a tab cannot be one.
func CheckTab(t *memory.Tab) error {
	switch n := len([]rune(t.Name)); {
	case strings.TrimSpace(t.Name) == "":
		return errors.New("has no name")
	case n > longestTab:
		return fmt.Errorf("has a name of %d letters, at most %d fit", n, longestTab)
	case len(t.Filter) > longestWords || len(t.Was) > 2*longestWords || len(t.Of) > 64 || len(t.Sort) > 64 || len(t.Columns) > 64:
		return errors.New("is too long")
	}
	for _, word := range append([]string{t.Name, t.Filter, t.Sort, t.Of, t.Was}, t.Columns...) {
		if err := textfile.OneLine(word); err != nil {
			return err
		}
	}
	return nil
}

// savedTabs are the tabs that were saved from the screen, and those of the
// settings that were changed there, kept beside a state file. The config file is the user's and is never written.
func savedTabs(statePath string) *kept[memory.Tabs] {
	return &kept[memory.Tabs]{
		path: beside(statePath, tabsName), what: "remember the tabs",
		read: recallTabs, save: func(path string, tabs memory.Tabs) error { return store(path, tabsFile{tabs}) },
		merge: mergeLists[memory.Tabs](tabKey, nil),
	}
}

// tabKey is what tells a tab from others: the tab of the settings that it stands
// for, else its name.
func tabKey(t memory.Tab) string {
	if t.Of != "" {
		return "\x00" + t.Of
	}
	return t.Name
}

// tabsFile has the form of the config file, so that tabs can be moved there.
type tabsFile struct {
	Tabs memory.Tabs `toml:"tabs"`
}

// recallTabs leaves out what CheckTab refuses.
func recallTabs(path string) (memory.Tabs, error) {
	var file tabsFile
	if err := load(path, tabsFileMost, "saved tabs", &file); err != nil {
		return nil, err
	}
	var tabs memory.Tabs
	for _, tab := range file.Tabs {
		if CheckTab(&tab) == nil && len(tabs) < MostTabs {
			tabs = append(tabs, tab)
		}
	}
	return tabs, nil
}
