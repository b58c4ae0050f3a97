package config

import (
	"strings"
	"testing"
)

// Other people may look only where the file says so to the letter.
func TestLicence(t *testing.T) {
	const said = "I have an agreement that lets 3 other people see this data"
	for _, c := range []struct {
		file     string
		licensed int
		says     string
	}{
		{"", 0, ""},
		{"[serve]\n", 0, ""},
		{"[serve]\nlicensed-viewers = 3\nlicence = \"" + said + "\"\n", 3, ""},
		{"serve = { licensed-viewers = 3, licence = \"" + said + "\" }\n", 3, ""},
		{"[serve]\nlicensed-viewers = 3\n", 0, "config.toml:1: the licence is not, to the letter"},
		{"[serve]\nlicence = \"" + said + "\"\n", 0, "licensed-viewers says of no number of people"},
		{"[serve]\nlicensed-viewers = 4\nlicence = \"" + said + "\"\n", 0, "config.toml:3: the licence is not"},
		{"[serve]\nlicensed-viewers = 3\nlicence = \"" + strings.ToLower(said) + "\"\n", 0, "the licence is not"},
		{"[serve]\nlicensed-viewers = 3\nlicence = \"" + said + ".\"\n", 0, "the licence is not"},
		{"[serve]\nlicensed-viewers = 3\nlicence = true\n", 0, "the licence is not"},
		{"[serve]\nlicensed-viewers = 0\nlicence = \"" + Licence(0) + "\"\n", 0, "of no number of people"},
		{"[serve]\nlicensed-viewers = 1001\nlicence = \"" + Licence(1001) + "\"\n", 0, "of no number of people"},
		{"[serve]\nlicensed-viewers = \"3\"\nlicence = \"" + said + "\"\n", 0, "of no number of people"},
		{"[serve]\nlicensed-viewers = 3\nlicense = \"" + said + "\"\n", 0, "config.toml:3: license is not in [serve]"},
		{"serve = 3\n", 0, "serve is no table"},
	} {
		l := newLoader(Options{Env: []string{"OPTFLOW_LICENCE=" + said, "OPTFLOW_LICENSED_VIEWERS=3", "OPTFLOW_SERVE=3"}})
		l.parseFile(configName, []byte(c.file))
		s, err := l.settle()
		if s.Licensed != c.licensed || (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %d others, %v; want %d, %q", c.file, s.Licensed, err, c.licensed, c.says)
		}
		for i := range table {
			if strings.Contains(table[i].Key, "licen") {
				t.Errorf("there is a flag or a variable: %s", table[i].Key)
			}
		}
	}
}
