//go:build race

package config

func init() { raced = 16 }
