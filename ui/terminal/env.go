package terminal

import (
	"strconv"
	"strings"
)

// LightGround reads COLORFGBG, which some terminals set to the numbers of their
// text and ground, such as "0;15" or "0;default;15".
func LightGround(env []string) bool {
	n, err := strconv.Atoi(lastPart(Env(env, "COLORFGBG")))
	return err == nil && (n == 7 || n >= 9 && n <= 15)
}

func lastPart(text string) string { return text[strings.LastIndexByte(text, ';')+1:] }

// Env is the last value of a variable.
func Env(env []string, name string) string {
	value := ""
	for _, entry := range env {
		if n, v, ok := strings.Cut(entry, "="); ok && n == name {
			value = v
		}
	}
	return value
}
