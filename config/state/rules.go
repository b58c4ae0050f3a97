package state

import (
	"slices"
	"strings"

	"optflow/model/alert"
)

// RulesName is the file of the rules made on the screen.
const RulesName = "alerts.toml"

const rulesFileMost = 1 << 18

// Rules are the rules made on the screen, kept beside a state file in the form
// of the config file.
type Rules struct{ kept *kept[[]alert.Rule] }

// rulesFile has the form of the config file, so that rules can be moved there.
type rulesFile struct {
	Alerts []alert.Rule `toml:"alerts"`
}

// NewRules are those beside a state file; a path of "" keeps none.
func NewRules(statePath string) *Rules {
	return &Rules{&kept[[]alert.Rule]{
		path: beside(statePath, RulesName), what: "keep the rule",
		read: func(path string) ([]alert.Rule, error) {
			var file rulesFile
			err := load(path, rulesFileMost, "saved rules", &file)
			return file.Alerts, err
		},
		save:  func(path string, rules []alert.Rule) error { return store(path, rulesFile{rules}) },
		merge: mergeLists[[]alert.Rule](func(r alert.Rule) string { return strings.ToLower(r.Name) }, nil),
	}}
}

// Path is where they are, "" nowhere.
func (r *Rules) Path() string { return r.kept.path }

// Put writes a rule, in the place of one of its name. Calls must not overlap.
func (r *Rules) Put(rule alert.Rule) error {
	known, err := r.kept.recall()
	if err != nil {
		return err // a file with a slip in it is not written over: it holds rules
	}
	ours := slices.Clone(known)
	if i := slices.IndexFunc(ours, func(o alert.Rule) bool { return strings.EqualFold(o.Name, rule.Name) }); i >= 0 {
		ours[i] = rule
	} else {
		ours = append(ours, rule)
	}
	return r.kept.remember(ours)
}
