package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"optflow/model"
)

// version is the hash of all of a rule but name and targets. Where its filter
// speaks of marks their thresholds belong to it: with others it is another rule.
func (r *Rule) version() string {
	var b strings.Builder
	fmt.Fprintf(&b, "1\nwhen %s\non %s\ncooldown %d %s\nrearm %d\n", r.When.Meaning(), r.On, r.Cooldown, r.Per, r.Rearm)
	for _, h := range []*Hours{r.Hours, r.Quiet} {
		if h != nil {
			b.WriteString(h.String())
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "once %t late %t max %d\n", r.Once, r.Late, r.Max)
	if r.Over != nil {
		b.WriteString("tab\n") // and not the rule that says the same
	}
	if r.When.Says("whale", "unusual", "mark") {
		t := r.env.Rules
		if t == nil {
			t = model.DefaultRules()
		}
		fmt.Fprintln(&b, t.Whale, t.WhaleDelta, t.UnusualDTE, t.UnusualPrice, t.UnusualVolume, t.UnusualOI, t.UnusualRatio, t.AboveOISize)
		for _, name := range slices.Sorted(maps.Keys(t.Whales)) {
			fmt.Fprintln(&b, name, t.Whales[name])
		}
	}
	return hash(b.String())
}

// ID names one alert: the version of the rule, the contract's symbol (or the
// ticker), the trading date and the start of its first window in ms.
func ID(version, symbol string, date model.Date, first int64) string {
	return hash(fmt.Sprintf("%s %s %d %d", version, symbol, date, first))
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}
