//go:build race

package feed

func init() { raced = true }
