package e2e

import (
	"debug/elf"
	"testing"
)

// The linker drops methods that nobody calls only while none is looked up by a
// name that is known at run time, as templates do: else the program is a fifth
// larger, and so is what of it is resident.
func TestUnusedMethodsAreDropped(t *testing.T) {
	f, err := elf.Open(binary(t))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := f.Symbols()
	if err != nil {
		t.Skip("the program was built without symbols: ", err)
	}
	for _, s := range all {
		if s.Name == "text/template.(*Template).Execute" { // a method of a command reaches it, which nobody calls
			t.Errorf("%s is linked, and with it every exported method", s.Name)
		}
	}
}
