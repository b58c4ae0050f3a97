//go:build race

package api

func init() { raced = 2 }
