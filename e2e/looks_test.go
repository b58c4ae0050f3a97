//go:build unix

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// A theme chosen live is there in the next run, and the config file is not
// touched; a locale without UTF-8 gets a screen without glyphs.
func TestLooksAreRemembered(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	env := []string{"XDG_STATE_HOME=" + home + "/state", "XDG_CONFIG_HOME=" + home + "/config"}
	x := start(t, 120, 30, env)
	x.awaitLive()
	x.press(":theme classic" + enter)
	x.press(":theme nosuch" + enter)
	x.awaitText("nosuch")
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	show := exec.Command(binary(t), "config")
	show.Env = cleanEnv(t, env...)
	out, err := show.Output()
	if err != nil || !strings.Contains(string(out), "classic") || !strings.Contains(string(out), "remembered") {
		t.Errorf("config after :theme classic: %v\n%s", err, out)
	}
}

func TestASCIIByLocale(t *testing.T) {
	t.Parallel()
	x := start(t, 120, 30, []string{"LANG=C"})
	screen := x.await("* Live, with rows", func(screen string) bool { return strings.Contains(screen, "* Live") && len(rows(screen)) > 0 })
	for _, line := range lines(screen) {
		for i := range len(line) {
			if line[i] >= utf8.RuneSelf {
				t.Fatalf("not ASCII: %q", line)
			}
		}
	}
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
	x.assertRestored()
}

// A key that cannot be says by name, file and line what it clashes with, and one
// that not every terminal sends is warned of.
func TestKeysOfTheConfigFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "own.toml")
	for _, c := range []struct {
		text, has string
		code      int
	}{
		{"[keys]\nsort = \"s\"\nfreeze = \"1\"\n", `keys.freeze: "1" from ` + file + ":3 is also the key of tab 1 (", exitUsage},
		{"[keys]\nfreeze = \"ctrl+i\"\n", "keys.freeze in " + file + ":2: older terminals send ctrl+i as tab", exitFine},
		{"[keys]\nfreeze = []\nonly = \"space\"\n", "", exitFine},
	} {
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if r := run(t, nil, "keys", "--config", file); r.code != c.code || !strings.Contains(r.stderr, c.has) || c.has == "" && r.stderr != "" {
			t.Errorf("%q: code %d, stderr %q", c.text, r.code, r.stderr)
		}
	}
}

// A terminal that is described as one without colours gets none.
func TestNoColoursWhereThereAreNone(t *testing.T) {
	t.Parallel()
	colours := regexp.MustCompile(`\x1b\[(?:[0-9;:]*[;:])?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:[;:][0-9;:]*)?m`)
	for _, name := range []string{"xterm-mono", "vt100"} {
		x := start(t, 100, 30, []string{"TERM=" + name, "COLORTERM=truecolor"})
		x.await("rows", func(s string) bool { return strings.Contains(s, "Live") && len(rows(s)) > 5 })
		x.press("q")
		x.awaitEnd(patience)
		if found := colours.FindString(x.written()); found != "" {
			t.Errorf("%s gets %q", name, found)
		}
	}
}
