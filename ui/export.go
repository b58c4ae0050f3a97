package ui

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/termsafe"
	"optflow/ui/format"
	"optflow/ui/paint"
	"optflow/ui/tail"
)

// pathMost bounds the path of a file on the screen, in bytes: the longest that
// systems take.
const pathMost = 4096

// exportNames is how many names are tried before an export without one gives up.
const exportNames = 1000

// export is one export: what to write and where. It runs outside of Update.
type export struct {
	name   string // of the file, "" to choose one
	dir    string // of names that are not absolute; "" is the working directory
	choose string // what a chosen name begins with
	over   bool   // an existing file may be written over
	lines  tail.Lines
	rows   []tail.Line
}

// exported is the outcome.
type exported struct {
	path string
	rows int
	err  error
}

// exportTo writes the rows that the tape shows to a file: as JSON when its name
// ends so, else as CSV. Without a name one is chosen in the working directory.
func (m *Model) exportTo(name string, over bool) tea.Cmd {
	if m.views.at != viewTape {
		m.notices.answer(paint.Dim, "only the tape's rows can be copied and exported")
		return nil
	}
	if m.exporting {
		m.notices.answer(paint.Warn, "an export is still being written")
		return nil
	}
	e := export{name: name, dir: m.opt.Directory, over: over, lines: m.printing(exportFormat(name)), rows: m.rows()}
	if len(e.rows) == 0 {
		m.notices.answer(paint.Warn, "no rows to export")
		return nil
	}
	sim := ""
	if m.st.Sim {
		sim = "-SIM"
	}
	e.choose = "optflow" + sim + time.UnixMilli(m.now).In(model.NewYork).Format("-20060102-150405")
	m.exporting = true
	m.notices.answer(paint.Text, "writing "+format.Count(int64(len(e.rows)))+" rows")
	return func() tea.Msg {
		path, err := e.write()
		return exported{path, len(e.rows), err}
	}
}

// onExported says where the rows are, or why not.
func (m *Model) onExported(x exported) {
	m.exporting, m.dirty = false, true
	if x.err != nil {
		m.notices.answer(paint.Bad, "not exported: "+termsafe.String(x.err.Error(), pathMost))
		return
	}
	rows := " rows in "
	if x.rows == 1 {
		rows = " row in "
	}
	m.notices.answer(paint.Text, format.Count(int64(x.rows))+rows+termsafe.String(x.path, pathMost))
}

func exportFormat(name string) tail.Format {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json", ".jsonl", ".ndjson":
		return tail.JSON
	}
	return tail.CSV
}

// write writes the file and returns its full path. What it began and could not
// end is gone again, and no file is written over unless that was asked for.
func (e *export) write() (string, error) {
	path, err := fullPath(e.dir, e.name)
	if err != nil {
		return "", err
	}
	if e.over {
		return path, e.replace(path)
	}
	f, err := e.create(path)
	if err != nil {
		return "", err
	}
	return f.Name(), e.fill(f)
}

// exportMode keeps an export to its user: the data is licensed to one person.
const exportMode = 0o600

// create opens a file that was not there.
func (e *export) create(path string) (*os.File, error) {
	if e.name != "" {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, exportMode)
		if errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("%s is there already; :export! %s writes over it", path, e.name)
		}
		return f, err
	}
	for n := 1; n <= exportNames; n++ {
		name := e.choose
		if n > 1 {
			name = fmt.Sprintf("%s-%d", name, n)
		}
		f, err := os.OpenFile(filepath.Join(path, name+".csv"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, exportMode)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
	return nil, fmt.Errorf("%s has %d exports of this second already", path, exportNames)
}

// replace writes beside the old file and puts the new one in its place.
func (e *export) replace(path string) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	if err := e.fill(f); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	return nil
}

// fill writes the rows and closes the file; if that fails the file goes.
func (e *export) fill(f *os.File) error {
	w := bufio.NewWriter(f)
	err := e.lines.WriteLines(w, e.rows)
	if flushed := w.Flush(); err == nil {
		err = flushed
	}
	if synced := f.Sync(); err == nil {
		err = synced
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("writing %s: %w", f.Name(), err)
	}
	return nil
}

// fullPath makes a name as typed absolute; ~ is the home directory, and no name
// the directory itself.
func fullPath(dir, name string) (string, error) {
	if rest, ok := strings.CutPrefix(name, "~"); ok && (rest == "" || rest[0] == '/' || rest[0] == filepath.Separator) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("where ~ is: %w", err)
		}
		name = home + rest
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(dir, name)
	}
	path, err := filepath.Abs(name)
	if err != nil {
		return "", fmt.Errorf("the working directory is gone, so give %s with its directory: %w", name, err)
	}
	return path, nil
}
