package filter

import (
	"slices"
	"strings"

	"optflow/model/ticker"
)

// tickerUse is a ticker and where it was written.
type tickerUse struct {
	token
	name string
	bare bool // stands alone, so it may be a slip for a word
}

// ticker reads a bare word as an underlying.
func (p *parser) ticker(t token) Node {
	p.notOfBars(t)
	name := strings.ToUpper(strings.TrimPrefix(t.text, "$"))
	if !isTicker(name) {
		p.notTicker(t)
	}
	use := tickerUse{t, name, !strings.HasPrefix(t.text, "$")}
	if p.half(use) {
		p.wait(use)
		return &halfWord{Ticker{name}}
	}
	p.tickers = append(p.tickers, use)
	return &Ticker{name}
}

// notTicker explains a word that can be nothing.
func (p *parser) notTicker(t token) {
	if near := nearest(t.text, wordNames()); near != "" {
		p.fail(t.pos, t.end, "%q is neither a word nor a ticker, did you mean %s?", short(t.text), near)
	}
	if v, _, ok := number(strings.TrimSuffix(strings.TrimPrefix(t.text, "$"), "%"), true); ok && v != 0 {
		p.fail(t.pos, t.end, "%q stands alone, which field is it? (prem>=%s)", short(t.text), short(strings.TrimPrefix(t.text, "$")))
	}
	p.fail(t.pos, t.end, "%q is neither a word nor a ticker", short(t.text))
}

// isTicker reports whether a name has the form of an underlying: a letter, then
// letters, digits, and dots as in BRK.B, ten at most.
func isTicker(name string) bool {
	for i := range len(name) {
		c := name[i]
		if !(c >= 'A' && c <= 'Z' || i > 0 && (c >= '0' && c <= '9' || c == '.' && i < len(name)-1)) {
			return false
		}
	}
	return name != "" && len(name) <= 10
}

// checkTickers warns of tickers of which no row can come.
func (p *parser) checkTickers() {
	if len(p.env.Followed) == 0 {
		return
	}
	for _, t := range p.tickers {
		if p.follows(t.name) {
			continue
		}
		says, near := p.notFollowed([]string{t.name}), ""
		if t.bare {
			near = nearest(t.name, wordNames())
		}
		switch under := ticker.OfRoot(t.name); {
		case under != t.name && slices.Contains(p.env.Followed, under):
			p.warn(t.pos, t.end, "%s is a root of %s (root=%s)", t.name, under, strings.ToLower(t.name))
		case near != "":
			p.warn(t.pos, t.end, "%s; did you mean %s?", says, near)
		default:
			p.warn(t.pos, t.end, "%s", says)
		}
	}
}

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
