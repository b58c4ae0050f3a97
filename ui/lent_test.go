package ui

import (
	"testing"

	"optflow/model/market"
)

// A face that is lent nothing (no memory, no files, no clipboard, no feed, no
// way to be suspended) works, and says what it cannot do.
func TestNothingIsLent(t *testing.T) {
	s := newStage(t, 120, 30, func(o *Options) {
		o.Memory, o.Exports, o.Clipboard, o.Suspend = nil, nil, nil, nil
		o.Market = market.Open{Tape: o.Market.Rows(), Time: o.Market.Clock()}
	}).fill()
	s.command("export")
	s.has("nothing can be exported from here")
	s.keys("y")
	s.has("sent to the terminal: O:NVDA261218C00180000") // which is the viewer's own
	s.command("save Mine")
	s.has("[6 Mine]")
	s.command("forget Mine")
	s.keys("ctrl+z", "w", "w", "r", "e", "Y", "ctrl+g", "enter", "esc", "v", "v", "v", "v", "t", "space", "enter", "/")
	s.typed("calls")
	s.keys("enter")
	s.command("theme classic")
	s.hasNot("not kept")
}
