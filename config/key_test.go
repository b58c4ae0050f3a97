package config

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestKeyOrder(t *testing.T) {
	const flag, environment, dot, file = 1, 2, 4, 8
	for mask := range 16 {
		p := place{keyFile: "key-file\n"}
		want, from := "", "-"
		if mask&file != 0 {
			p.file, want, from = `api-key-file = "key"`, "in-config-dir", "config.toml:1"
		}
		if mask&dot != 0 {
			p.dotEnv, want, from = "NEXT_PUBLIC_MASSIVE_API_KEY=other\nMASSIVE_API_KEY=key-dot\n", "key-dot", "MASSIVE_API_KEY in .env:2"
		}
		if mask&environment != 0 {
			p.env, want, from = []string{"MASSIVE_API_KEY=key-env"}, "key-env", "MASSIVE_API_KEY"
		}
		if mask&flag != 0 {
			p.args, want, from = []string{"--api-key-file=key"}, "key-file", "--api-key-file"
		}
		o := p.options(t)
		if err := os.MkdirAll(filepath.Join(p.home, "optflow"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(p.home, "optflow", "key"), []byte("in-config-dir"), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Load(o)
		if err != nil {
			t.Fatal(err)
		}
		if s.Key.Reveal() != want {
			t.Errorf("sources %04b: key %q, want %q", mask, s.Key.Reveal(), want)
		}
		if got := s.describeKey().Source; got != from {
			t.Errorf("sources %04b: from %q, want %q", mask, got, from)
		}
	}
}

func TestKeyVariables(t *testing.T) {
	for _, tt := range []struct {
		place
		want string
	}{
		{place{env: []string{"NEXT_PUBLIC_MASSIVE_API_KEY=page"}}, "page"},
		{place{env: []string{"NEXT_PUBLIC_MASSIVE_API_KEY=page", "MASSIVE_API_KEY=own"}}, "own"},
		{place{dotEnv: "NEXT_PUBLIC_MASSIVE_API_KEY=page"}, "page"},
		{place{dotEnv: "MASSIVE_API_KEY=dot", env: []string{"NEXT_PUBLIC_MASSIVE_API_KEY=page"}}, "page"},
		{place{keyFile: "\ufefffrom-file\r\n", env: []string{"OPTFLOW_API_KEY_FILE=key", "MASSIVE_API_KEY=own"}}, "from-file"},
		{place{keyFile: "from-file", dotEnv: "OPTFLOW_API_KEY_FILE=key\nMASSIVE_API_KEY=dot"}, "from-file"},
		{place{keyFile: "from-file", dotEnv: "OPTFLOW_API_KEY_FILE=key", env: []string{"MASSIVE_API_KEY=own"}}, "own"},
	} {
		if s := tt.mustLoad(t); s.Key.Reveal() != tt.want {
			t.Errorf("%q %q: key %q, want %q", tt.env, tt.dotEnv, s.Key.Reveal(), tt.want)
		}
	}
}

// A key that cannot be one is refused, and neither it nor a part of it is shown.
func TestWrongKeysAreNotShown(t *testing.T) {
	for name, p := range map[string]place{
		"newline":         {env: []string{"MASSIVE_API_KEY=" + canary + "\n"}},
		"space":           {env: []string{"MASSIVE_API_KEY=" + canary + " x"}},
		"control":         {env: []string{"MASSIVE_API_KEY=" + canary + "\x1b[2J"}},
		"not ASCII":       {env: []string{"MASSIVE_API_KEY=" + canary + "é"}},
		"too long":        {env: []string{"MASSIVE_API_KEY=" + strings.Repeat(canary, 20)}},
		"newline in .env": {dotEnv: `MASSIVE_API_KEY="` + canary + `\n"`},
		"two in a file":   {keyFile: canary + "\n" + canary, args: []string{"--api-key-file=key"}},
		"empty file":      {keyFile: "\n", args: []string{"--api-key-file=key"}},
		"no file":         {args: []string{"--api-key-file=nothing-there"}},
		"a directory":     {args: []string{"--api-key-file=."}},
		"as its own file": {args: []string{"--api-key-file=" + canary}},
		"on the line":     {args: []string{"--api-key=" + canary}},
		"in the file":     {file: `api-key = "` + canary + `"`},
		"in the file too": {file: `massive_api_key = "` + canary + `"`},
		"as a name":       {file: canary + ` = 1`},
		"as a section":    {file: "[floor]\n" + canary + ` = 1`},
		"as a value":      {env: []string{"OPTFLOW_FPS=" + canary}},
		"in a URL":        {args: []string{"--ws-url=wss://x.test/options?apiKey=" + canary}},
		"as a user":       {args: []string{"--ws-url=wss://u:" + canary + "@x.test/"}},
		"beside a value":  {env: []string{"MASSIVE_API_KEY=" + canary, "OPTFLOW_COLOR=x" + canary}},
		"escaped":         {env: []string{"MASSIVE_API_KEY=a/b+c=" + canary, "OPTFLOW_FPS=" + url.QueryEscape("a/b+c="+canary)}},
		"broken .env":     {dotEnv: "MASSIVE_API_KEY " + canary + "\n"},
		"unclosed":        {dotEnv: `MASSIVE_API_KEY="` + canary + "\n"},
		"broken TOML":     {file: "api-key-file = " + canary + "\n"},
	} {
		s, err := p.load(t)
		if err == nil {
			t.Errorf("%s: taken", name)
			continue
		}
		for _, text := range append([]string{err.Error(), fmt.Sprintf("%+v %#v", s, s)}, s.Warnings...) {
			if strings.Contains(text, canary[7:20]) {
				t.Errorf("%s: shown in %s", name, text)
			}
		}
		if e, ok := errors.AsType[*Error](err); !ok || e.Source == "" || e.Problem == "" {
			t.Errorf("%s: %v names no source", name, err)
		}
	}
}

func TestKeyFilesOfOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes")
	}
	p := place{dotEnv: "MASSIVE_API_KEY=k123456", keyFile: "k123456"}
	o := p.options(t)
	for _, name := range []string{".env", "key"} {
		if err := os.Chmod(filepath.Join(p.dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Load(o)
	if err != nil || !strings.Contains(strings.Join(s.Warnings, "\n"), "chmod 600 .env") {
		t.Errorf("an open .env is taken in silence: %v %q", err, s.Warnings)
	}
	o.Env = []string{"OPTFLOW_API_KEY_FILE=key"}
	s, err = Load(o)
	if err != nil || !strings.Contains(strings.Join(s.Warnings, "\n"), "chmod 600 key") {
		t.Errorf("an open key file is taken in silence: %v %q", err, s.Warnings)
	}
	if s := (place{dotEnv: "MASSIVE_API_KEY=k123456"}).mustLoad(t); len(s.Warnings) != 0 {
		t.Errorf("warnings for a closed .env: %q", s.Warnings)
	}
	if s := (place{dotEnv: "MASSIVE_API_KEY=your_massive_api_key_here"}).mustLoad(t); len(s.Warnings) != 1 {
		t.Errorf("a placeholder is taken in silence: %q", s.Warnings)
	}
}

func TestSecretIsNeverPrinted(t *testing.T) {
	s := &Settings{Key: canary}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "key", s.Key, "settings", s)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "key", s.Key, "settings", *s)
	asJSON, err := json.Marshal(map[string]any{"k": s.Key, "s": s})
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{log.String(), string(asJSON), s.Key.String(), s.Key.GoString(), errorText(s.Key)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10s", "%T %v", "%t", "%U", "%c"} {
		texts = append(texts, fmt.Sprintf(strings.Replace(verb, "%T ", "", 1), s.Key), fmt.Sprintf(strings.Replace(verb, "%T ", "", 1), s))
	}
	for _, text := range texts {
		for _, form := range []string{canary, base64.StdEncoding.EncodeToString([]byte(canary)), fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary)} {
			if strings.Contains(text, form) {
				t.Errorf("the key is in %s", text)
			}
		}
	}
	if s.Key.Reveal() != canary {
		t.Error("Reveal does not tell it")
	}
}

func errorText(v any) string { return fmt.Errorf("dial with %v", v).Error() }

func TestHider(t *testing.T) {
	h := hider{"k", canary}
	for text, want := range map[string]string{
		"100k":                             "100k", // a short key takes no words apart
		"k":                                redacted,
		"x" + canary + "y":                 "x" + redacted + "y",
		"3DkxRrW8zQvJ4mYb2LpTgH6sNcA9uE":   redacted, // looks like a key
		"a-very-long-hyphenated-word-here": "a-very-long-hyphenated-word-here",
		"NEXT_PUBLIC_MASSIVE_API_KEY":      "NEXT_PUBLIC_MASSIVE_API_KEY",
	} {
		if got := h.hide(text); got != want {
			t.Errorf("hide(%q) = %q, want %q", text, got, want)
		}
	}
}
