package cli

import (
	"fmt"
	"io"

	"optflow/feed/doctor"
	"optflow/ui/paint"
)

// report prints findings in columns, each once it is there.
type report struct {
	out             io.Writer
	width           int
	failed, refused bool
	err             error
}

// Columns of the report, in cells, and its width where none is known.
const (
	reportGrade   = 6
	reportSubject = 11
	reportWidth   = 100
)

func (r *report) add(f doctor.Finding) {
	if f.Grade == doctor.GradeFail {
		r.failed = true
		r.refused = r.refused || f.Refused
	}
	lines := paint.Wrap(f.Text, r.width-reportGrade-reportSubject)
	if f.Remedy != "" {
		lines = append(lines, paint.Wrap("-> "+f.Remedy, r.width-reportGrade-reportSubject)...)
	}
	for i, line := range lines {
		grade, subject := "", ""
		if i == 0 {
			grade, subject = f.Grade.String(), f.Subject
		}
		if _, err := fmt.Fprintf(r.out, "%-*s%-*s%s\n", reportGrade, grade, reportSubject, subject, line); err != nil && r.err == nil {
			r.err = fmt.Errorf("print the findings: %w", err)
		}
	}
}
