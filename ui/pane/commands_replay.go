package pane

import (
	"fmt"
	"strings"
	"time"

	"optflow/model/market"
	"optflow/ui/act"
)

// readSeek reads 14:05, 14:05:30, or a way such as +90s.
func readSeek(_ About, text string) ([]act.Effect, error) {
	if strings.HasPrefix(text, "+") || strings.HasPrefix(text, "-") {
		by, err := time.ParseDuration(text)
		if err != nil {
			return nil, fmt.Errorf("seek %q: want a way such as +90s or -5m", text)
		}
		return act.One(act.Skip{By: by}), nil
	}
	at, err := market.ParseTimeOfDay(text)
	if err != nil {
		return nil, fmt.Errorf("seek %w", err)
	}
	return act.One(act.Seek{Clock: at}), nil
}

func readSpeed(_ About, text string) ([]act.Effect, error) {
	rate, err := market.ParseRate(text)
	if err != nil {
		return nil, fmt.Errorf("speed %w", err)
	}
	return act.One(act.Speed{Rate: rate}), nil
}
