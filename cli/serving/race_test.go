//go:build race

package serving

func init() { many = 12 }
