package tail

import (
	"encoding/json"
	"fmt"
	"io"

	"optflow/model"
)

// summary is the one JSON object at the end of a run.
type summary struct {
	V           int                    `json:"v"`
	Kind        string                 `json:"kind"`
	Sim         bool                   `json:"sim"`
	Printed     int                    `json:"printed"` // lines on the output
	Events      uint64                 `json:"events"`
	Rows        uint64                 `json:"rows"`
	Duplicates  uint64                 `json:"duplicates"`
	Corrections uint64                 `json:"corrections"`
	Gaps        uint64                 `json:"gaps"`
	Missing     uint64                 `json:"missing"` // contracts in the gaps
	Malformed   uint64                 `json:"malformed"`
	Dropped     uint64                 `json:"dropped"`          // frames
	Held        uint64                 `json:"held"`             // bars stamped for no day that is open
	Beyond      uint64                 `json:"beyond,omitempty"` // contracts in bars for whose contract there was no room
	Reconnects  uint64                 `json:"reconnects"`
	Polls       uint64                 `json:"polls"`
	Trimmed     uint64                 `json:"trimmed"` // rows that left the tape before they were read
	Contracts   map[string]contractDay `json:"contracts"`
}

// contractDay is one contract's account at the end, in contracts:
// past + rows + gaps = day.
type contractDay struct {
	Past int64 `json:"past"`
	Rows int64 `json:"rows"`
	Gaps int64 `json:"gaps"`
	Day  int64 `json:"day"`
}

// writeSummary prints the object on one line.
func writeSummary(w io.Writer, o *Options, lines int, trimmed uint64) error {
	state := o.Market.State()
	c := state.Counters
	s := summary{
		V: 1, Kind: "summary", Sim: state.Sim, Printed: lines,
		Events: c.Events, Rows: c.Rows, Duplicates: c.Duplicates, Corrections: c.Corrections,
		Gaps: c.GapRows, Missing: c.Missing, Malformed: c.Malformed, Dropped: c.DroppedFrames, Held: c.Held, Beyond: c.Beyond.Lots,
		Reconnects: c.Reconnects, Polls: c.Polls, Trimmed: trimmed,
		Contracts: make(map[string]contractDay),
	}
	if o.Accounts != nil {
		for _, a := range o.Accounts() {
			s.Contracts[o.Market.Contracts().At(a.Contract).Symbol] = dayOf(&a)
		}
	}
	text, err := json.Marshal(&s)
	if err != nil {
		return fmt.Errorf("encoding the summary: %w", err)
	}
	if _, err := fmt.Fprintf(w, "%s\n", text); err != nil {
		return fmt.Errorf("writing the summary: %w", err)
	}
	return nil
}

// dayOf is what the summary says of an account. Nothing is pending in it any more
// once the book was settled; if something were, the sum would show it.
func dayOf(a *model.Account) contractDay {
	return contractDay{Past: a.Past, Rows: a.Exact + a.Polled, Gaps: a.Gaps, Day: a.Day}
}
