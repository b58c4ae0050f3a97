package pane

import (
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/memory"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/scene"
)

// stand is what commands and boxes are read by, without a screen.
func stand(t *testing.T) *scene.Scene {
	t.Helper()
	bound, err := keys.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &scene.Scene{State: &model.State{Known: []string{"AMD", "BRK.B", "SPY"}}, Follows: new(scene.Followed), Keys: bound, Shown: bound}
	s.Follows.Follow([]string{"SPY"})
	return s
}

// TestCommandsAreEffects: a command says what is wanted, and whether it can be
// read; nothing is done by reading it.
func TestCommandsAreEffects(t *testing.T) {
	a := About{Scene: stand(t)}
	for _, c := range []struct {
		text string
		want []act.Effect
	}{
		{"", nil},
		{"filter nvda calls", act.One(act.Filter{Text: "nvda calls"})},
		{"sort premium", act.One(act.Sort{Column: "premium"})},
		{"interval 1m", act.One(act.Join{By: burst.Interval1m})},
		{"floor 100k", act.One(act.Floor{Amount: 100_000})},
		{"min-premium spy 1.5m", act.One(act.Floor{Ticker: "SPY", Amount: 1_500_000})},
		{"tickers brkb, amd", act.One(act.Follow{Tickers: []string{"AMD", "BRK.B"}})},
		{"window 1m", []act.Effect{act.Window{Span: model.Minute}, act.Answer{Ink: paint.Text, Text: "windows of 1m from the next full minute on"}}},
		{"theme light", []act.Effect{act.Theme{Name: "light"}, act.Keep{Item: memory.Choices{Theme: "light"}}}},
		{"export! a.json", act.One(act.Export{Name: "a.json", Over: true})},
		{"mouse off", act.One(act.Mouse{})},
		{"quit", act.One(act.Quit{})},
		{"half-page-down", act.One(act.Press{Action: keys.HalfDown})},
	} {
		got, err := a.read(c.text)
		if err != nil {
			t.Errorf(":%s: %v", c.text, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf(":%s (-want +got):\n%s", c.text, diff)
		}
	}
	for _, text := range []string{"interval 3m", "floor much", "tickers IWM", "fps 61", "mouse maybe", "freeze now", "nonsense"} {
		if got, err := a.read(text); err == nil {
			t.Errorf(":%s is read as %v", text, got)
		}
	}
}

// TestPickerAnswersWithEffects: what is chosen is followed only by what the
// picker returns.
func TestPickerAnswersWithEffects(t *testing.T) {
	s := stand(t)
	k := &Picker{Typed: Typed{Simple: Simple{Scene: s, Where: keys.InPicker}}}
	k.Open("", nil)
	k.Paste("amd")
	got := k.Key(keys.Accept, tea.KeyPressMsg{})
	if diff := cmp.Diff([]act.Effect{act.ClosePane{}, act.Follow{Tickers: []string{"AMD", "SPY"}}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(s.Tickers()) != 1 {
		t.Error("the picker changed what is followed")
	}
	k.Open("", nil)
	k.Paste("hood")
	ask, is := k.Key(keys.Accept, tea.KeyPressMsg{})[0].(act.LookUp)
	if !is || ask.Symbol != "HOOD" {
		t.Fatalf("an unknown symbol leads to %v", ask)
	}
	if k.Found(ask.Gen-1, "HOOD", nil); k.asking == "" {
		t.Error("an older answer was taken")
	}
}
