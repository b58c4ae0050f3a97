package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"optflow/config"
	"optflow/model/filter"
	"optflow/ui/tail"
)

// views are what `optflow tail --view` prints, each with what of the filter
// language says nothing there.
var views = []struct {
	name      tail.View
	what      string
	senseless func(name string) string
}{
	{tail.Tape, "the tape, row by row", nil},
	{tail.Contracts, "a row for each contract's day, the most premium first", filter.OfContract},
	{tail.Tickers, "a row for each underlying's day, the most premium first", filter.OfTicker},
	{tail.Heat, "a row for each strike of each expiry in which something traded", filter.OfContract},
}

// checkView refuses a view that is not there, and what only views have.
func (f tailFlags) checkView() error {
	known := false
	for _, v := range views {
		known = known || string(v.name) == f.view
	}
	switch {
	case !known:
		return usageError{fmt.Errorf("--view %q: want tape, contracts, tickers or heat", f.view)}
	case f.alerts && tail.View(f.view) != tail.Tape:
		return usageError{errors.New("--alerts prints alerts, --view the day: one of them")}
	case f.every < 0:
		return usageError{errors.New("--every must not be negative")}
	case f.every > 0 && tail.View(f.view) == tail.Tape:
		return usageError{errors.New("--every repeats a view of the day: it needs --view contracts, tickers or heat")}
	}
	return nil
}

// saysNothing refuses a filter that speaks of bursts where a row is a day, as the
// screen does.
func saysNothing(s *config.Settings, f *filter.Filter, of tail.View) error {
	for _, v := range views {
		if v.name != of || v.senseless == nil {
			continue
		}
		if err := f.Sense(s.Filter, v.senseless); err != nil {
			return usageError{s.Wrong("filter", s.Filter, err.Error())}
		}
	}
	return nil
}

// completeViews completes the words that the flags of tail take.
func completeViews(cmd *cobra.Command) {
	var names []string
	for _, v := range views {
		names = append(names, string(v.name)+"\t"+v.what)
	}
	_ = cmd.RegisterFlagCompletionFunc("view", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	formats := []string{string(tail.Text), string(tail.JSON), string(tail.CSV)}
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp)) // of flags that are there
}
