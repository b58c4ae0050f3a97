package config

import (
	"os"
	"strings"

	"github.com/adrg/xdg"
	"github.com/spf13/pflag"
)

// keyFlag exists to be refused with an explanation.
const keyFlag = "api-key"

// AddFlags adds the flags of the named settings, of all when none is named.
// Their values are judged by Load, so that every source has the same errors.
func AddFlags(fs *pflag.FlagSet, keys ...string) {
	if len(keys) == 0 {
		for i := range table {
			keys = append(keys, table[i].Key)
		}
	}
	for _, key := range keys {
		d := find(key)
		if d == nil {
			panic("config: no setting " + key) // a slip of the program
		}
		f := fs.VarPF(&flagValue{text: d.Default, kind: d.Type, list: d.list}, d.Key, "", d.Help)
		f.NoOptDefVal = d.bare
		if d.Type == typeBool {
			f.NoOptDefVal = "true"
		}
	}
	if fs.Lookup(keyFlag) == nil {
		fs.Var(&flagValue{kind: "key"}, keyFlag, "refused")
		_ = fs.MarkHidden(keyFlag) // it exists
	}
}

func (l *loader) refuseKeyFlag() {
	if l.Flags == nil {
		return
	}
	if f := l.Flags.Lookup(keyFlag); f != nil && f.Changed {
		l.fail(&Error{
			Key: keyFlag, Source: "--" + keyFlag, Problem: "is refused: every user of this machine sees a command line",
			Allowed: "MASSIVE_API_KEY in the environment or in .env, or --api-key-file FILE",
		})
	}
}

// flagValue keeps a flag's text. A list grows when its flag is repeated.
type flagValue struct {
	text, kind string
	list, set  bool
}

// String is the text.
func (v *flagValue) String() string { return v.text }

// Type is the word for the value in the help.
func (v *flagValue) Type() string { return v.kind }

// Set never refuses: pflag would quote the value, and Load has better words.
func (v *flagValue) Set(text string) error {
	if v.list && v.set {
		text = strings.Join([]string{v.text, text}, ",")
	}
	v.text, v.set = text, true
	return nil
}

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
