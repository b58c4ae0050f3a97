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
