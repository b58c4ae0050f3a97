// Package state keeps what is remembered from one run to the next, in files of
// one folder that several copies of the program may share.
package state

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pelletier/go-toml/v2"

	"optflow/config/textfile"
	"optflow/model/memory"
)

// Name is the file of the choices; the others lie beside it.
const Name = "state.toml"

// savedChoices are the choices in a state file. What ours do not say stays,
// whoever wrote it.
func savedChoices(statePath string) *kept[memory.Choices] {
	return &kept[memory.Choices]{
		path: statePath, what: "remember the settings", read: Choices,
		save:  func(path string, c memory.Choices) error { return store(path, c) },
		merge: func(_, ours, theirs memory.Choices) memory.Choices { return theirs.With(ours) },
	}
}

// Choices reads the choices of a state file. No file is no error.
func Choices(path string) (memory.Choices, error) {
	var c memory.Choices
	if path == "" {
		return c, nil
	}
	content, err := textfile.ReadRegular(path, false)
	if textfile.Absent(err) {
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("read what was remembered: %w", err)
	}
	if err := toml.Unmarshal(content, &c); err != nil {
		return memory.Choices{}, errors.New("read what was remembered: " + Name + " is not as it was written")
	}
	return c, nil
}

// store writes a value as TOML.
func store(path string, value any) error {
	text, err := toml.Marshal(value)
	if err != nil {
		return err
	}
	return textfile.Replace(path, text)
}

// beside is the path of another file of the state folder, "" for "".
func beside(statePath, name string) string {
	if statePath == "" {
		return ""
	}
	return filepath.Join(filepath.Dir(statePath), name)
}

// load reads a file of at most so many bytes as TOML. No file, or a path of "",
// is no error and leaves the value as it is. Errors do not quote the file.
func load(path string, most int64, what string, into any) error {
	if path == "" {
		return nil
	}
	switch info, err := os.Stat(path); {
	case textfile.Absent(err):
		return nil
	case err != nil:
		return fmt.Errorf("read %s: %w", what, err)
	case !info.Mode().IsRegular() || info.Size() > most:
		return fmt.Errorf("read %s: %s is not as it was written", what, filepath.Base(path))
	}
	content, err := textfile.Read(path)
	if err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	if err := toml.Unmarshal(content, into); err != nil {
		return fmt.Errorf("read %s: %s is not as it was written", what, filepath.Base(path))
	}
	return nil
}
