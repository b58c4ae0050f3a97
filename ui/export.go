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
	"optflow/ui/scene"
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

// start writes the rows that a page shows to a file: as JSON when its name ends
// so, else as CSV. Without a name one is chosen in the working directory.
func (x *exporter) start(s *scene.Scene, from page.Page, e act.Export) (tea.Cmd, []act.Effect) {
	if x.writing {
		return nil, act.Tell(paint.Warn, "an export is still being written")
	}
	files := x.to
	printed, has := from.(page.Printed)
	if files == nil || !has {
		return nil, act.Tell(paint.Warn, "nothing can be exported from here")
	}
	rows := printed.Print(exportFormat(e.Name))
	switch {
	case rows.Rows == 0 && rows.Unread:
		return nil, act.Tell(paint.Warn, "the day is still being read; again in a moment")
	case rows.Rows == 0:
		return nil, act.Tell(paint.Warn, "no rows to export")
	}
	prefix := "optflow"
	if rows.View != tail.Tape {
		prefix += "-" + string(rows.View)
	}
	if s.State.Sim {
		prefix += "-SIM"
	}
	prefix += time.UnixMilli(s.Now).In(model.NewYork).Format("-20060102-150405")
	x.writing = true
	return func() tea.Msg {
		path, err := files.Write(e.Name, prefix, e.Over, rows.Write)
		if at, is := errors.AsType[*fs.PathError](err); is && errors.Is(err, fs.ErrExist) {
			err = fmt.Errorf("%s is there already; :export! %s writes over it", at.Path, e.Name)
		}
		return exported{path, rows.Rows, err}
	}, act.Tell(paint.Text, "writing "+format.Count(int64(rows.Rows))+" rows")
}

// came says where the rows are, or why not.
func (x *exporter) came(e exported) []act.Effect {
	x.writing = false
	if e.err != nil {
		return act.Tell(paint.Bad, "not exported: "+termsafe.String(e.err.Error(), pathMost))
	}
	return act.Tell(paint.Text, format.Counting(int64(e.rows), "row")+" in "+termsafe.String(e.path, pathMost))
}

func exportFormat(name string) tail.Format {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json", ".jsonl", ".ndjson":
		return tail.JSON
	}
	return tail.CSV
}
