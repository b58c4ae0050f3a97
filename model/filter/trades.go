package filter

import (
	"slices"
	"strings"
)

// tradeWords are what other programs call orders that are told from single
// trades by OPRA's conditions. Bars of a second or a minute cannot support them,
// so they are refused rather than taken for tickers.
var tradeWords = []string{
	"sweep", "sweeps", "block", "blocks", "multileg", "multilegs", "multi-leg", "multi-legs",
}

// notOfBars refuses a word of single trades, unless it is a ticker that is followed.
func (p *parser) notOfBars(t token) {
	name := strings.ToLower(t.text)
	if !slices.Contains(tradeWords, name) || slices.Contains(p.env.Followed, strings.ToUpper(name)) {
		return
	}
	near := "" // what bars can tell, without claiming the same
	switch name[0] {
	case 'b':
		near = " (prints=1 keeps rows of one print)"
	case 'm':
		near = " (twin keeps rows with another contract of the same size in the same second)"
	}
	also := ""
	if isTicker(strings.ToUpper(name)) {
		also = "; $" + name + " is the ticker"
	}
	p.fail(t.pos, t.end, "%q is told from single trades; rows here are bars of seconds or minutes, which cannot show it%s%s", name, near, also)
}
