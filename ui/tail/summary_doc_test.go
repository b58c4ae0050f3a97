package tail

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// Whoever reads a summary finds each of its keys explained.
func TestSummaryKeysAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/tail.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []reflect.Type{reflect.TypeFor[summary](), reflect.TypeFor[contractDay]()} {
		for i := range of.NumField() {
			key, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			if key != "v" && key != "kind" && key != "sim" && !strings.Contains(string(text), "`"+key+"`") {
				t.Errorf("docs/tail.md does not say what %q is", key)
			}
		}
	}
}
