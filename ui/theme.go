package ui

import (
	"strconv"

	"github.com/charmbracelet/colorprofile"
)

// ink is what a piece of text means; the theme says how that looks.
type ink uint8

// The inks. Meaning never rests on an ink alone: a letter or a word says it too.
const (
	inkText   ink = iota // ordinary
	inkOwn               // the terminal's own colour: costs the fewest bytes, for what changes each second
	inkStrong            // what the eye should find
	inkDim               // secondary columns, explanations
	inkFaint             // separators, the unknown
	inkAccent            // keys, the sorted column
	inkHeader
	inkCursor // the column under the cursor
	inkCall
	inkPut
	inkAsk
	inkBid
	inkSmall // premium under $100K
	inkMid   // premium from $100K
	inkLarge // premium from $1M
	inkMark
	inkGood
	inkPulse // good, between two beats
	inkWarn
	inkBad
	inkWrong // the part of a filter that is wrong
	inkSim   // the badge of simulated data: reversed, so that it is legible in any palette
	inkLate  // the badge of delayed data
	inkMatch // letters that a search hit
	inkCount
)

// ground is what text stands on.
type ground uint8

// The grounds.
const (
	groundPlain ground = iota
	groundBar          // the table's header
	groundWhale
	groundSelected
	groundBox // boxes over the table
	groundCount
)

// depth is how many colours the terminal has.
type depth uint8

// The depths.
const (
	depthNone depth = iota // bold, reverse and underline only
	depth16
	depth256
	depthTrue
)

// depthOf is how many colours a profile has.
func depthOf(p colorprofile.Profile) depth {
	switch p {
	case colorprofile.TrueColor:
		return depthTrue
	case colorprofile.ANSI256:
		return depth256
	case colorprofile.ANSI:
		return depth16
	}
	return depthNone
}

// colour is one colour in three depths. The 16-colour code is chosen by hand,
// not rounded: 30 to 37 and 90 to 97, 10 more for grounds, 0 for the terminal's
// own. A colour with only that code is the same at every depth, in fewer bytes.
type colour struct {
	rgb uint32
	c256,
	c16 uint8
}

// attr is a set of text attributes.
type attr uint8

// The attributes in use. Faint is not among them: many terminals ignore it.
const (
	bold attr = 1 << iota
	underline
	reverse
)

// look is how an ink or a ground is drawn: a role of the theme's table with
// attributes, and the attributes that stand in where there are no colours.
type look struct {
	role role
	attr attr
	mono attr
}

// inkLooks are the inks. They are the same in every theme: a theme changes the
// colours of roles and nothing else.
var inkLooks = [inkCount]look{
	inkText:   {roleText, 0, 0},
	inkOwn:    {},
	inkStrong: {roleStrong, bold, bold},
	inkDim:    {roleDim, 0, 0},
	inkFaint:  {roleFaint, 0, 0},
	inkAccent: {roleAccent, bold, bold},
	inkHeader: {roleDim, 0, underline},
	inkCursor: {roleStrong, bold | underline, reverse},
	inkCall:   {roleCall, 0, 0},
	inkPut:    {rolePut, 0, 0},
	inkAsk:    {roleAsk, bold, bold},
	inkBid:    {roleBid, bold, bold},
	inkSmall:  {roleSmall, 0, 0},
	inkMid:    {roleMid, 0, 0},
	inkLarge:  {roleLarge, bold, bold},
	inkMark:   {roleMark, bold, bold},
	inkGood:   {roleGood, bold, bold},
	inkPulse:  {rolePulse, bold, bold},
	inkWarn:   {roleWarn, 0, bold},
	inkBad:    {roleBad, bold, bold},
	inkWrong:  {roleBad, underline, underline},
	inkSim:    {roleSim, bold | reverse, bold | reverse},
	inkLate:   {roleLate, bold | reverse, bold | reverse},
	inkMatch:  {roleLarge, bold | underline, bold | underline},
}

// groundLooks are the grounds.
var groundLooks = [groundCount]look{
	groundBar:      {roleBar, 0, 0},
	groundWhale:    {roleWhale, 0, bold},
	groundSelected: {roleSelected, 0, reverse},
	groundBox:      {roleBox, 0, 0},
}

// theme is a palette made ready for one depth of colour: the SGR prefix of
// every ink on every ground, derived once. Each prefix sets everything, so
// that prefixes need no resets between them.
type theme struct {
	sgr [groundCount][inkCount]string
}

// sgrReset ends the colours of a line.
const sgrReset = "\x1b[m"

// newTheme derives the prefixes of a palette.
func newTheme(p *palette, d depth) *theme {
	t := new(theme)
	for g := range groundCount {
		for i := range inkCount {
			t.sgr[g][i] = prefix(p, g, i, d)
		}
	}
	return t
}

func prefix(p *palette, g ground, i ink, d depth) string {
	if g == groundSelected && (i == inkDim || i == inkSmall || i == inkFaint) {
		i = inkText // what is dim elsewhere must be legible on the selection
	}
	over, under := &inkLooks[i], &groundLooks[g]
	attrs := over.attr | under.attr
	if d == depthNone {
		attrs = over.mono ^ under.mono&reverse | under.mono&^reverse
	}
	b := []byte("\x1b[0")
	for _, a := range []struct {
		attr attr
		code string
	}{{bold, ";1"}, {underline, ";4"}, {reverse, ";7"}} {
		if attrs&a.attr != 0 {
			b = append(b, a.code...)
		}
	}
	b = appendColour(b, p[over.role], d, 38)
	if back := p[under.role]; back != (colour{}) {
		b = appendColour(b, back, d, 48)
	}
	return string(append(b, 'm'))
}

// appendColour adds the codes of one colour. Base is 38 for text, 48 for the
// ground; the grounds' 16-colour codes are already those of grounds.
func appendColour(b []byte, c colour, d depth, base int64) []byte {
	if d != depthNone && c.rgb == 0 && c.c256 == 0 {
		d = depth16
	}
	switch d {
	case depth16:
		if c.c16 != 0 {
			b = strconv.AppendInt(append(b, ';'), int64(c.c16), 10)
		}
	case depth256:
		b = strconv.AppendInt(append(b, ';'), base, 10)
		b = strconv.AppendInt(append(b, ";5;"...), int64(c.c256), 10)
	case depthTrue:
		b = strconv.AppendInt(append(b, ';'), base, 10)
		b = append(b, ";2"...)
		for shift := 16; shift >= 0; shift -= 8 {
			b = strconv.AppendInt(append(b, ';'), int64(c.rgb>>shift&0xff), 10)
		}
	}
	return b
}
