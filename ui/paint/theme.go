package paint

import (
	"strconv"

	"github.com/charmbracelet/colorprofile"
)

// Ink is what a piece of text means; the theme says how that looks.
type Ink uint8

// The inks. Meaning never rests on an ink alone: a letter or a word says it too.
const (
	Text   Ink = iota // ordinary
	Own               // the terminal's own colour: costs the fewest bytes, for what changes each second
	Strong            // what the eye should find
	Dim               // secondary columns, explanations
	Faint             // separators, the unknown
	Accent            // keys, the sorted column
	Header
	Cursor // the column under the cursor
	Call
	Put
	Ask
	Bid
	Small // premium under $100K
	Mid   // premium from $100K
	Large // premium from $1M
	Mark
	Good
	Pulse // good, between two beats
	Warn
	Bad
	Wrong // the part of a filter that is wrong
	Sim   // the badge of simulated data: reversed, so that it is legible in any palette
	Late  // the badge of delayed data
	Match // letters that a search hit
	inkCount
)

// Ground is what text stands on.
type Ground uint8

// The grounds.
const (
	OnPlain Ground = iota
	OnBar          // the table's header
	OnWhale
	OnSelected
	OnBox // boxes over the table
	groundCount
)

// Depth is how many colours the terminal has.
type Depth uint8

// The depths.
const (
	NoColours Depth = iota // bold, reverse and underline only
	Colours16
	Colours256
	TrueColour
)

// DepthOf is how many colours a profile has.
func DepthOf(p colorprofile.Profile) Depth {
	switch p {
	case colorprofile.TrueColor:
		return TrueColour
	case colorprofile.ANSI256:
		return Colours256
	case colorprofile.ANSI:
		return Colours16
	}
	return NoColours
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
	Text:   {roleText, 0, 0},
	Own:    {},
	Strong: {roleStrong, bold, bold},
	Dim:    {roleDim, 0, 0},
	Faint:  {roleFaint, 0, 0},
	Accent: {roleAccent, bold, bold},
	Header: {roleDim, 0, underline},
	Cursor: {roleStrong, bold | underline, reverse},
	Call:   {roleCall, 0, 0},
	Put:    {rolePut, 0, 0},
	Ask:    {roleAsk, bold, bold},
	Bid:    {roleBid, bold, bold},
	Small:  {roleSmall, 0, 0},
	Mid:    {roleMid, 0, 0},
	Large:  {roleLarge, bold, bold},
	Mark:   {roleMark, bold, bold},
	Good:   {roleGood, bold, bold},
	Pulse:  {rolePulse, bold, bold},
	Warn:   {roleWarn, 0, bold},
	Bad:    {roleBad, bold, bold},
	Wrong:  {roleBad, underline, underline},
	Sim:    {roleSim, bold | reverse, bold | reverse},
	Late:   {roleLate, bold | reverse, bold | reverse},
	Match:  {roleLarge, bold | underline, bold | underline},
}

// groundLooks are the grounds.
var groundLooks = [groundCount]look{
	OnBar:      {roleBar, 0, 0},
	OnWhale:    {roleWhale, 0, bold},
	OnSelected: {roleSelected, 0, reverse},
	OnBox:      {roleBox, 0, 0},
}

// Theme is a palette made ready for one depth of colour: the SGR prefix of
// every ink on every ground, derived once. Each prefix sets everything, so
// that prefixes need no resets between them.
type Theme struct {
	sgr [groundCount][inkCount]string
}

// Reset ends the colours of a line.
const Reset = "\x1b[m"

// newTheme derives the prefixes of a palette.
func newTheme(p *palette, d Depth) *Theme {
	t := new(Theme)
	for g := range groundCount {
		for i := range inkCount {
			t.sgr[g][i] = prefix(p, g, i, d)
		}
	}
	return t
}

func prefix(p *palette, g Ground, i Ink, d Depth) string {
	if g == OnSelected && (i == Dim || i == Small || i == Faint) {
		i = Text // what is dim elsewhere must be legible on the selection
	}
	over, under := &inkLooks[i], &groundLooks[g]
	attrs := over.attr | under.attr
	if d == NoColours {
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
func appendColour(b []byte, c colour, d Depth, base int64) []byte {
	if d != NoColours && c.rgb == 0 && c.c256 == 0 {
		d = Colours16
	}
	switch d {
	case Colours16:
		if c.c16 != 0 {
			b = strconv.AppendInt(append(b, ';'), int64(c.c16), 10)
		}
	case Colours256:
		b = strconv.AppendInt(append(b, ';'), base, 10)
		b = strconv.AppendInt(append(b, ";5;"...), int64(c.c256), 10)
	case TrueColour:
		b = strconv.AppendInt(append(b, ';'), base, 10)
		b = append(b, ";2"...)
		for shift := 16; shift >= 0; shift -= 8 {
			b = strconv.AppendInt(append(b, ';'), int64(c.rgb>>shift&0xff), 10)
		}
	}
	return b
}
