package ui

import "strconv"

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

// look is how an ink or a ground is drawn: a colour with attributes, and the
// attributes that stand in for it where there are no colours.
type look struct {
	colour
	attr attr
	mono attr
}

// palette is a theme as a table.
type palette struct {
	inks    [inkCount]look
	grounds [groundCount]look
}

// dark is the default theme: calm grey text on the terminal's own dark ground,
// blue calls and orange puts (told apart by colour-blind eyes too), gold for
// large premium.
var dark = palette{
	inks: [inkCount]look{
		inkText:   {colour{0xc8ccd4, 252, 0}, 0, 0},
		inkOwn:    {},
		inkStrong: {colour{0xf2f4f8, 255, 97}, bold, bold},
		inkDim:    {colour{0x868e9e, 245, 37}, 0, 0},
		inkFaint:  {colour{0x565d6d, 240, 90}, 0, 0},
		inkAccent: {colour{0x9db8ff, 111, 94}, bold, bold},
		inkHeader: {colour{0x868e9e, 245, 37}, 0, underline},
		inkCursor: {colour{0xf2f4f8, 255, 97}, bold | underline, reverse},
		inkCall:   {colour{0x6fc3ff, 75, 96}, 0, 0},
		inkPut:    {colour{0xffa860, 215, 33}, 0, 0},
		inkAsk:    {colour{0x6fdc98, 78, 92}, bold, bold},
		inkBid:    {colour{0xff7f94, 204, 91}, bold, bold},
		inkSmall:  {colour{0x9aa1b0, 247, 37}, 0, 0},
		inkMid:    {colour{0xe6e8ee, 254, 97}, 0, 0},
		inkLarge:  {colour{0xffd166, 221, 93}, bold, bold},
		inkMark:   {colour{0xd3a6ff, 183, 95}, bold, bold},
		inkGood:   {colour{0x5fe08a, 78, 92}, bold, bold},
		inkPulse:  {colour{0x3d9a5f, 65, 32}, bold, bold},
		inkWarn:   {colour{0xffc35c, 215, 93}, 0, bold},
		inkBad:    {colour{0xff6b7f, 203, 91}, bold, bold},
		inkWrong:  {colour{0xff6b7f, 203, 91}, underline, underline},
		inkSim:    {colour{c16: 95}, bold | reverse, bold | reverse},
		inkLate:   {colour{c16: 93}, bold | reverse, bold | reverse},
		inkMatch:  {colour{0xffd166, 221, 93}, bold | underline, bold | underline},
	},
	grounds: [groundCount]look{
		groundBar:      {colour{0x1d212b, 234, 0}, 0, 0},
		groundWhale:    {colour{0x2a2618, 235, 0}, 0, bold},
		groundSelected: {colour{0x2f3a55, 237, 44}, 0, reverse},
		groundBox:      {colour{0x1d212b, 234, 0}, 0, 0},
	},
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
	attrs := p.inks[i].attr | p.grounds[g].attr
	if d == depthNone {
		attrs = p.inks[i].mono ^ p.grounds[g].mono&reverse | p.grounds[g].mono&^reverse
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
	b = appendColour(b, p.inks[i].colour, d, 38)
	if back := p.grounds[g].colour; back != (colour{}) {
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
