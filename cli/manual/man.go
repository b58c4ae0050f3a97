package manual

import (
	"cmp"
	"fmt"
	"strings"

	"optflow/config"
	"optflow/model"
	"optflow/ui/guide"
	"optflow/ui/keys"
	"optflow/ui/pane"
)

// Command is a command of the program as its own help has it.
type Command struct {
	Use, Short, Long, Example string
	Flags                     []Flag // those of its own, the settings apart
}

// Flag is a switch of a command.
type Flag struct{ Name, Takes, Help, Default string }

// exits are the exit codes.
var exits = []guide.Line{
	{Term: "0", Text: "fine"},
	{Term: "1", Text: "failed while running"},
	{Term: "2", Text: "wrong usage or setting"},
	{Term: "3", Text: "key or plan refused"},
	{Term: "130", Text: "interrupted"},
}

// Man is the man page.
func Man(root Command, commands []Command) []byte {
	r := new(roff)
	r.macro("TH", "OPTFLOW", "1", "", "optflow", "User Commands")
	r.section("Name")
	r.WriteString(escape("optflow - "+strings.ToLower(root.Short[:1])+root.Short[1:]) + "\n")
	r.section("Synopsis")
	r.text("optflow [flags]")
	r.text("optflow COMMAND [flags]")
	r.section("Description")
	r.text(root.Long)
	r.example(root.Example)
	r.section("Commands")
	for _, c := range commands {
		r.part("optflow " + c.Use)
		r.text(cmp.Or(c.Long, c.Short))
		for _, f := range c.Flags {
			help := f.Help
			if f.Default != "" {
				help += " (" + f.Default + ")"
			}
			r.term(strings.TrimSpace("--"+f.Name+" "+f.Takes), help)
		}
		if c.Example != "" {
			r.example(c.Example)
		}
	}
	r.section("Settings")
	r.text("Each is a flag of the monitor and of tail, a variable of the environment or of .env, and a key of the config file. Flags count before the environment, then .env, the config file, the default.")
	for _, s := range config.Table() {
		text := s.Help + ". Allowed: " + s.Allowed
		if s.Default != "" {
			text += ". Default: " + s.Default
		}
		r.term("--"+s.Key, fmt.Sprintf("%s. Environment: %s", text, strings.Join(s.Env, ", ")))
	}
	sections(r, "The screen", guide.Screen(model.Plan{}))
	sections(r, "Filters", guide.Filter())
	r.section("Keys")
	where := ""
	for _, k := range keys.Table() {
		if k.Where != where {
			where = k.Where
			r.part("In the " + where)
		}
		r.term(k.Help().Key, k.Help().Desc)
	}
	r.section("Command line")
	r.text("Behind : every action of the keys can be typed by its name, and:")
	for i := range pane.CommandTable {
		c := &pane.CommandTable[i]
		r.term(strings.TrimSpace(":"+c.Name+" "+c.Takes), c.Does)
	}
	r.section("Environment")
	r.term("MASSIVE_API_KEY", "the key of Massive.com; without one the market is a simulated one")
	r.term("NO_COLOR, CLICOLOR, CLICOLOR_FORCE", "as everywhere")
	r.section("Files")
	r.term("$XDG_CONFIG_HOME/optflow/config.toml", "the config file; optflow config --init writes one that explains itself")
	r.term("$XDG_STATE_HOME/optflow/", "what is remembered between runs, and the log")
	r.term(".env", "in the working directory: a key and settings")
	r.section("Exit status")
	for _, e := range exits {
		r.term(e.Term, e.Text)
	}
	return r.Bytes()
}

func sections(r *roff, head string, all []guide.Section) {
	r.section(head)
	for _, s := range all {
		r.part(s.Head)
		for _, l := range s.Lines {
			r.term(l.Term, l.Text)
		}
	}
}
