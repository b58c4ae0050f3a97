package ui

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// The terminal's ground is asked for with the first frame and never waited for:
// until an answer comes, COLORFGBG counts, and without that it is dark.

// askGround asks the terminal for its ground, if the theme depends on it.
func (m *Model) askGround() tea.Cmd {
	if m.themeName != themeAuto || m.depth == depthNone {
		return nil
	}
	return tea.RequestBackgroundColor
}

// onGround takes the terminal's answer.
func (m *Model) onGround(msg tea.BackgroundColorMsg) {
	if msg.Color == nil {
		return
	}
	if light := !msg.IsDark(); light != m.lightGround {
		m.lightGround = light
		m.paint()
	}
}

// lightByEnv reads COLORFGBG, which some terminals set to the numbers of their
// text and ground, such as "0;15" or "0;default;15".
func lightByEnv(env []string) bool {
	n, err := strconv.Atoi(lastPart(lookupEnv(env, "COLORFGBG")))
	return err == nil && (n == 7 || n >= 9 && n <= 15)
}

func lastPart(text string) string { return text[strings.LastIndexByte(text, ';')+1:] }

// lookupEnv is the last value of a variable.
func lookupEnv(env []string, name string) string {
	value := ""
	for _, entry := range env {
		if n, v, ok := strings.Cut(entry, "="); ok && n == name {
			value = v
		}
	}
	return value
}
