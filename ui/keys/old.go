package keys

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Warning is a key that not every terminal sends.
type Warning struct{ Action, Text string }

// warn notes a key that only terminals with one of the newer keyboard protocols
// send.
func (m *Map) warn(action string, k tea.KeyPressMsg) {
	arrives, reached := onOldTerminals(k)
	switch {
	case reached:
	case arrives == "":
		m.warnings = append(m.warnings, Warning{action, "older terminals do not send " + k.String()})
	default:
		m.warnings = append(m.warnings, Warning{action, fmt.Sprintf("older terminals send %s as %s", k, arrives)})
	}
}

// onOldTerminals tells whether a key is reached where keys are characters, as
// terminals since the VT100 have it, and else what arrives in its place. ctrl is
// there the lower five bits of a letter, so that some are other keys; alt is an
// ESC before it, which with some begins a sequence.
func onOldTerminals(k tea.KeyPressMsg) (arrives string, reached bool) {
	ctrl, alt, shift := k.Mod&tea.ModCtrl != 0, k.Mod&tea.ModAlt != 0, k.Mod&tea.ModShift != 0
	switch {
	case ctrl && k.Code == 'i':
		return "tab", false
	case ctrl && k.Code == 'm':
		return "enter", false
	case ctrl && k.Code == '[':
		return "esc", false
	case ctrl && k.Code == '@':
		return "ctrl+space", false
	case ctrl && k.Code >= 'a' && k.Code <= 'z':
		if shift {
			return strings.Replace(k.String(), "shift+", "", 1), false
		}
		return "", true
	case ctrl && k.Code > tea.KeySpace && k.Code < 0x7f:
		return "", strings.ContainsRune(`\]^_`, k.Code)
	case alt && !shift && strings.ContainsRune("[]^_", k.Code), alt && shift && strings.ContainsRune("opx", k.Code):
		return "", false
	}
	switch k.Code {
	case tea.KeyEnter, tea.KeyEscape:
		return plainName(k.Code), !ctrl && !shift
	case tea.KeySpace:
		return plainName(k.Code), !shift
	case tea.KeyTab, tea.KeyBackspace:
		return plainName(k.Code), !ctrl && (!shift || k.Code == tea.KeyTab)
	}
	return "", true
}

// plainName is the name of a key without what is held with it.
func plainName(code rune) string { return tea.KeyPressMsg{Code: code}.String() }
