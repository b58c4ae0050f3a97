package filter

import (
	"strings"
	"testing"
)

// All that the description of the language shows can be written.
func TestLanguageIsWhatIsRead(t *testing.T) {
	env := testEnv()
	env.Saved = func() []Saved { return append(saved(), Saved{Name: "Top 5%", Filter: "top<=5%"}) }
	shown := 0
	for _, section := range Language() {
		if section.Head == "" || len(section.Lines) == 0 {
			t.Errorf("a section is empty: %+v", section)
		}
		for _, line := range section.Lines {
			for _, text := range strings.Split(line.Writes, "  ") {
				if _, err := Parse(text, env); err != nil {
					t.Errorf("%s: %v", text, err)
				}
				shown++
			}
			if line.Means == "" {
				t.Errorf("%s means nothing", line.Writes)
			}
		}
	}
	if least := len(words) + len(fields); shown < least {
		t.Errorf("%d things are shown, there are %d words and fields", shown, least)
	}
}
