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
	"optflow/ui/act"
	"optflow/ui/format"
	"optflow/ui/page"
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

// exporter writes one export at a time.
type exporter struct {
	to      Exports // nil: nothing can be exported
	writing bool
}

// start writes the rows that the tape shows to a file: as JSON when its name ends
// so, else as CSV. Without a name one is chosen in the working directory.
func (x *exporter) start(t *page.Tape, e act.Export) (tea.Cmd, []act.Effect) {
	if x.writing {
		return nil, act.Tell(paint.Warn, "an export is still being written")
	}
	files, lines, rows := x.to, t.Share.Printing(t, exportFormat(e.Name)), t.Table.Rows()
	if files == nil {
		return nil, act.Tell(paint.Warn, "nothing can be exported from here")
	}
	if len(rows) == 0 {
		return nil, act.Tell(paint.Warn, "no rows to export")
	}
	sim := ""
	if t.State.Sim {
		sim = "-SIM"
	}
	prefix := "optflow" + sim + time.UnixMilli(t.Now).In(model.NewYork).Format("-20060102-150405")
	x.writing = true
	return func() tea.Msg {
		path, err := files.Write(e.Name, prefix, e.Over, func(w io.Writer) error { return lines.WriteLines(w, rows) })
		if at, is := errors.AsType[*fs.PathError](err); is && errors.Is(err, fs.ErrExist) {
			err = fmt.Errorf("%s is there already; :export! %s writes over it", at.Path, e.Name)
		}
		return exported{path, len(rows), err}
	}, act.Tell(paint.Text, "writing "+format.Count(int64(len(rows)))+" rows")
}

// came says where the rows are, or why not.
func (x *exporter) came(e exported) []act.Effect {
	x.writing = false
	if e.err != nil {
		return act.Tell(paint.Bad, "not exported: "+termsafe.String(e.err.Error(), pathMost))
	}
	rows := " rows in "
	if e.rows == 1 {
		rows = " row in "
	}
	return act.Tell(paint.Text, format.Count(int64(e.rows))+rows+termsafe.String(e.path, pathMost))
}

func exportFormat(name string) tail.Format {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json", ".jsonl", ".ndjson":
		return tail.JSON
	}
	return tail.CSV
}
