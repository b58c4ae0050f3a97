//go:build race

package ledger

func init() { seeds = 20 }
