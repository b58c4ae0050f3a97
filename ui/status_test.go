package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"optflow/model"
)

// TestQuietIsSaid: that nothing comes although it should is a word, not only
// another colour of the dot.
func TestQuietIsSaid(t *testing.T) {
	s := newStage(t, 120, 30, nil)
	s.fill()
	s.state(func(st *model.State) { st.Phase = model.PhaseQuiet })
	if top, _, _ := strings.Cut(ansi.Strip(s.m.View().Content), "\n"); !strings.Contains(top, "Live 1s, quiet") {
		t.Errorf("the first line is %q", top)
	}
}
