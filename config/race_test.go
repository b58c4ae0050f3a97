//go:build race

package config

func init() { raced = true }
