//go:build race

package exchange

func init() { raced = true }
