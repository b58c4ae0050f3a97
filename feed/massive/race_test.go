//go:build race

package massive

func init() { raced = 2 }
