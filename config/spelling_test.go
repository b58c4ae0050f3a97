package config

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// utf16Of writes a text as PowerShell and older editors do.
func utf16Of(text string, order binary.AppendByteOrder, mark bool) string {
	if mark {
		text = "\ufeff" + text
	}
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

// However a .env spells the key, it is read.
func TestSpellingsOfDotEnv(t *testing.T) {
	const plain = "# mine\r\nMASSIVE_API_KEY=k123456\r\nB=2\r\n"
	for name, text := range map[string]string{
		"UTF-16, little end first":  utf16Of(plain, binary.LittleEndian, true),
		"UTF-16, big end first":     utf16Of(plain, binary.BigEndian, true),
		"without a mark":            utf16Of(plain, binary.LittleEndian, false),
		"big end, without a mark":   utf16Of(plain, binary.BigEndian, false),
		"export":                    "export MASSIVE_API_KEY=k123456",
		"set":                       "set MASSIVE_API_KEY=k123456",
		"SET, more room":            "  SET  MASSIVE_API_KEY=k123456",
		"set in quotes":             `set "MASSIVE_API_KEY=k123456"`,
		"PowerShell":                `$env:MASSIVE_API_KEY = "k123456"`,
		"PowerShell, single quotes": `$Env:MASSIVE_API_KEY='k123456'`,
		"small letters":             "massive_api_key=k123456",
		"mixed letters":             "Massive_Api_Key = k123456",
		"former name":               "POLYGON_API_KEY=k123456",
		"former name on a page":     "NEXT_PUBLIC_POLYGON_API_KEY=k123456",
		"colon":                     "MASSIVE_API_KEY: k123456",
		"quotes":                    `MASSIVE_API_KEY="k123456"`,
		"a comment behind":          "MASSIVE_API_KEY=k123456 # my key",
		"the present name first":    "POLYGON_API_KEY=other12\nMASSIVE_API_KEY=k123456",
		"capitals first":            "massive_api_key=other12\nMASSIVE_API_KEY=k123456",
	} {
		s, err := place{dotEnv: text}.load(t)
		if err != nil || s.Key.Reveal() != "k123456" || len(s.Warnings) > 0 {
			t.Errorf("%s: %v, key %q, warnings %q", name, err, s.Key.Reveal(), s.Warnings)
		}
	}
	for name, env := range map[string][]string{
		"former name": {"POLYGON_API_KEY=k123456"}, "small letters": {"massive_api_key=k123456"}, "both": {"POLYGON_API_KEY=other12", "MASSIVE_API_KEY=k123456"},
	} {
		if s := (place{env: env}).mustLoad(t); s.Key.Reveal() != "k123456" {
			t.Errorf("%s in the environment: key %q", name, s.Key.Reveal())
		}
	}
}

// However a key file spells the key, it is read.
func TestSpellingsOfKeyFiles(t *testing.T) {
	for name, text := range map[string]string{
		"alone":             "k123456",
		"lines around":      "\n k123456 \r\n",
		"double quotes":     `"k123456"`,
		"single quotes":     "'k123456'\n",
		"a variable":        "MASSIVE_API_KEY=k123456\n",
		"exported":          "export MASSIVE_API_KEY='k123456'\n",
		"set":               "set MASSIVE_API_KEY=k123456\r\n",
		"of several":        "A=1\n# key\nPOLYGON_API_KEY=k123456\nB=2\n",
		"UTF-16":            utf16Of("k123456\r\n", binary.LittleEndian, true),
		"UTF-16 variable":   utf16Of("MASSIVE_API_KEY=\"k123456\"\r\n", binary.LittleEndian, true),
		"UTF-8 with a mark": "\ufeffk123456",
	} {
		for _, p := range []place{
			{keyFile: text, args: []string{"--api-key-file=key"}}, {keyFile: text, env: []string{"MASSIVE_API_KEY_FILE=key"}}, {keyFile: text, dotEnv: "MASSIVE_API_KEY_FILE=key"},
		} {
			s, err := p.load(t)
			if err != nil || s.Key.Reveal() != "k123456" || len(s.Warnings) > 0 {
				t.Errorf("%s: %v, key %q, warnings %q", name, err, s.Key.Reveal(), s.Warnings)
			}
		}
	}
}

// What stands for a value that is elsewhere is refused by name, and not sent.
func TestReferencesAreNoKeys(t *testing.T) {
	for _, text := range []string{"${KEY}", "$KEY", "$(pass show key)", "%KEY%", "{{ key }}", "<your-key>", "`pass key`", "op://vault/massive/key"} {
		for _, p := range []place{
			{dotEnv: "MASSIVE_API_KEY='" + text + "'"}, {env: []string{"MASSIVE_API_KEY=" + text}}, {keyFile: text, args: []string{"--api-key-file=key"}},
		} {
			_, err := p.load(t)
			if err == nil || !strings.Contains(err.Error(), "is a reference to a value that is elsewhere") || strings.Contains(err.Error(), text) {
				t.Errorf("%q: %v", text, err)
			}
		}
	}
	for _, key := range []string{"a$b", "k$HOME", "a%b", "x<y>"} { // odd, but nobody's business
		if s := (place{env: []string{"MASSIVE_API_KEY=" + key}}).mustLoad(t); s.Key.Reveal() != key {
			t.Errorf("%q is read as %q", key, s.Key.Reveal())
		}
	}
}

// What looks like a key and is not read is named, with what would be, and its
// value is not shown. Where a key was found nobody is bothered.
func TestMissedKeysAreNamed(t *testing.T) {
	for want, p := range map[string]place{
		"MASSIVE_KEY is not read; the key is read from MASSIVE_API_KEY":               {env: []string{"MASSIVE_KEY=" + canary}},
		"MASSIVE_API_TOKEN in .env:2 is not read; the key is read from":               {dotEnv: "A=1\nMASSIVE_API_TOKEN=" + canary},
		"POLYGON_IO_API_KEY is not read; the key is read from MASSIVE_API_KEY":        {env: []string{"POLYGON_IO_API_KEY=" + canary}},
		"OPTFLOW_API_KEY is no setting; the key is read from MASSIVE_API_KEY":         {env: []string{"OPTFLOW_API_KEY=" + canary}},
		"OPTFLOW_API_KEY in .env is no setting; the key is read from MASSIVE_API_KEY": {dotEnv: "OPTFLOW_API_KEY=" + canary},
	} {
		s := p.mustLoad(t)
		text := strings.Join(s.Warnings, "\n")
		if s.Key != "" || !strings.Contains(text, want) || strings.Contains(text, canary) {
			t.Errorf("warnings %q, want %q", text, want)
		}
		p.env = append(p.env, "MASSIVE_API_KEY=k123456")
		if s := p.mustLoad(t); strings.Contains(strings.Join(s.Warnings, "\n"), "is not read") {
			t.Errorf("a key was found, and still: %q", s.Warnings)
		}
	}
	p := place{}
	o := p.options(t)
	for _, name := range []string{".env.local", ".env.txt"} {
		if err := os.WriteFile(filepath.Join(p.dir, name), []byte("MASSIVE_API_KEY="+canary), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Load(o)
	if text := strings.Join(s.Warnings, "\n"); err != nil || !strings.Contains(text, ".env.local holds a key and is not read") || !strings.Contains(text, ".env.txt holds") || strings.Contains(text, canary) {
		t.Errorf("%v, warnings %q", err, text)
	}
	if _, err := (place{dotEnv: "setx MASSIVE_API_KEY " + canary}).load(t); err == nil || strings.Contains(err.Error(), canary) || !strings.Contains(err.Error(), ".env:1") {
		t.Errorf("setx: %v", err)
	}
}
