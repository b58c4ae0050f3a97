package config

import (
	"os"

	"github.com/adrg/xdg"
	"github.com/spf13/pflag"
)

// FromProcess gives Load this process: its environment, its working directory
// and the user's directories. Without a home there are none of the last.
func FromProcess(flags *pflag.FlagSet) Options {
	dir, err := os.Getwd()
	if err != nil {
		dir = "." // it was removed, or nobody may know its name: there is no .env in it
	}
	o := Options{Flags: flags, Env: os.Environ(), Dir: dir}
	home, err := os.UserHomeDir()
	homeless := err != nil || home == ""
	if !homeless || os.Getenv("XDG_CONFIG_HOME") != "" {
		o.ConfigHome = xdg.ConfigHome
	}
	if !homeless || os.Getenv("XDG_DATA_HOME") != "" {
		o.DataHome = xdg.DataHome
	}
	if !homeless || os.Getenv("XDG_STATE_HOME") != "" {
		o.StateHome = xdg.StateHome
	}
	return o
}
