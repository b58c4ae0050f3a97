package ui

import (
	"testing"

	"optflow/ui/keys"
)

// withKeys is a screen with keys of the user's own.
func withKeys(t *testing.T, own map[string][]string) func(*Options) {
	t.Helper()
	changed, err := keys.New(own)
	if err != nil {
		t.Fatal(err)
	}
	return func(o *Options) { o.Keys = changed }
}

// The screen shows the keys as they are: footer, help, sentences.
func TestChangedKeysAreShown(t *testing.T) {
	s := newStage(t, 200, 50, withKeys(t, map[string][]string{"freeze": {"Z"}, "help": {"f2"}, "filter-keep": {"ctrl+j"}, "help-close": {"f2"}})).fill()
	s.has("Z freeze", "f2 help")
	s.keys("space")
	if s.m.tape.Table.Frozen {
		t.Error("the old key still freezes")
	}
	s.keys("Z")
	s.has("frozen Z")
	s.keys("Z")
	s.m.Update(press("f2"))
	s.keys("/")
	s.typed("freeze the picture")
	s.keys("enter")
	s.has("Z ", "freeze the picture", "f2 ")
	s.m.Update(press("f2")) // ends the search
	s.m.Update(press("f2"))
	s.hasNot("In the filter line")
	s.keys("/")
	s.typed("nvda z")
	s.keys("backspace", "backspace")
	s.keys("enter")
	s.has("ctrl+j keep") // enter keeps no more
	s.m.Update(press("ctrl+j"))
	s.hasNot("ctrl+j keep")
	if s.m.page.Filter().Text() != "nvda" {
		t.Errorf("filter %q", s.m.page.Filter().Text())
	}
}

// An action without a key is reached by its command, and shown by that.
func TestUnboundKeys(t *testing.T) {
	own := map[string][]string{"quit": {}}
	for _, k := range keys.Table() {
		if k.Where == keys.InTape && k.Name != "" && k.Action != keys.Command {
			own[k.Name] = nil
		}
	}
	s := newStage(t, 200, 50, withKeys(t, own)).fill()
	s.hasNot("freeze", "f only")
	s.keys("space")
	if s.m.tape.Table.Frozen {
		t.Error("the key still freezes")
	}
	s.keys(":")
	s.typed("freeze")
	s.keys("enter")
	s.has("frozen :freeze")
	if cmd := s.m.carry(s.m.command.Enter("redraw")); cmd == nil {
		t.Error("redraw cannot be typed")
	}
	if _, cmd := s.m.Update(press("ctrl+c")); cmd == nil {
		t.Error("the way out is lost")
	}
}
