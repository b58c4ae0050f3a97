package faults

import (
	"strings"
	"testing"
)

func TestTableIsInOrderAndSaysSomething(t *testing.T) {
	for i, f := range Table {
		if f.Number != i+1 || f.What == "" || f.Does == "" || strings.Contains(f.What+f.Does, "|") {
			t.Errorf("row %d: %+v", i+1, f)
		}
	}
	if got := promised(0) + promised(76*s) + promised(10*m); got != "–76 s10 min" {
		t.Error(got)
	}
}
