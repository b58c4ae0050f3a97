package terminal

import (
	"strings"
	"testing"
)

func TestASCIIByEnv(t *testing.T) {
	for env, want := range map[string]bool{
		"": false, "LANG=C": true, "LANG=POSIX": true, "LANG=en_US.UTF-8": false, "LANG=de_DE.utf8": false, "LANG=de_DE.ISO-8859-1": true,
		"LANG=C LC_ALL=en_US.UTF-8": false, "LANG=en_US.UTF-8 LC_CTYPE=C": true, "TERM=linux LANG=en_US.UTF-8": true, "TERM=xterm-256color": false,
	} {
		if got := ASCII(strings.Fields(env)); got != want {
			t.Errorf("%q: %v", env, got)
		}
	}
}

func TestLightByEnv(t *testing.T) {
	for value, light := range map[string]bool{"": false, "0;15": true, "15;0": false, "0;default;7": true, "7;8": false, "x": false, "12;16": false} {
		if got := LightGround([]string{"COLORFGBG=" + value}); got != light {
			t.Errorf("COLORFGBG=%s is light: %v", value, got)
		}
	}
}
