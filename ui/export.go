package ui

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
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

// Exports is where rows are exported to. It is called from goroutines of their
// own.
type Exports interface {
	// Write has fill write a file and returns its full path. Without a name one is
	// chosen that begins with prefix and is not taken. A file that is there is
	// written over only where that is asked for; else the error is fs.ErrExist.
	Write(name, prefix string, over bool, fill func(io.Writer) error) (path string, err error)
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
	files, lines, rows := m.opt.Exports, m.printing(exportFormat(name)), m.rows()
	if files == nil {
		m.notices.answer(paint.Warn, "nothing can be exported from here")
		return nil
	}
	if len(rows) == 0 {
		m.notices.answer(paint.Warn, "no rows to export")
		return nil
	}
	sim := ""
	if m.st.Sim {
		sim = "-SIM"
	}
	prefix := "optflow" + sim + time.UnixMilli(m.now).In(model.NewYork).Format("-20060102-150405")
	m.exporting = true
	m.notices.answer(paint.Text, "writing "+format.Count(int64(len(rows)))+" rows")
	return func() tea.Msg {
		path, err := files.Write(name, prefix, over, func(w io.Writer) error { return lines.WriteLines(w, rows) })
		if at, is := errors.AsType[*fs.PathError](err); is && errors.Is(err, fs.ErrExist) {
			err = fmt.Errorf("%s is there already; :export! %s writes over it", at.Path, name)
		}
		return exported{path, len(rows), err}
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
