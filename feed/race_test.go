//go:build race

package feed

import "flag"

// Under the detector every step takes five to ten times as long. What properties
// hold is judged without it, so fewer tries do.
func init() {
	raced = true
	if err := flag.Set("rapid.checks", "20"); err != nil {
		panic(err)
	}
}
