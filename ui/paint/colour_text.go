package paint

import (
	"errors"
	"image/color"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// basicNames are the 16 colours as people write them; "bright-" before one of
// them is its second eight.
var basicNames = []string{"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"}

// errColour says what a colour may look like.
var errColour = errors.New("is no colour; allowed are #rrggbb, 0 to 255, " + strings.Join(basicNames, ", ") +
	", bright- before one of these, default, or one of each with blanks between")

// parseColour reads a colour: #rrggbb, a number of the 256, a name of the 16, or
// one of each. What is not given is the nearest of what is, except that a name
// alone means that colour at every depth: the terminal's own.
func parseColour(text string, isGround bool) (colour, error) {
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 0 || len(words) > 3 {
		return colour{}, errColour
	}
	if slices.Equal(words, []string{"default"}) {
		return colour{}, nil
	}
	var c colour
	var hasRGB, has256, has16 bool
	for _, w := range words {
		taken := &has16
		switch {
		case strings.HasPrefix(w, "#"):
			v, err := strconv.ParseUint(w[1:], 16, 32)
			if err != nil || len(w) != 7 {
				return colour{}, errColour
			}
			c.rgb, taken = uint32(v), &hasRGB
		case w[0] >= '0' && w[0] <= '9':
			v, err := strconv.ParseUint(w, 10, 8)
			if err != nil {
				return colour{}, errColour
			}
			c.c256, taken = uint8(v), &has256
		case w == "default":
			c.c16 = 0
		default:
			name, bright := strings.CutPrefix(w, "bright-")
			n := slices.Index(basicNames, name)
			if n < 0 {
				return colour{}, errColour
			}
			c.c16 = basicCode(ansi.BasicColor(n), bright)
		}
		if *taken {
			return colour{}, errors.New("gives one kind of colour twice")
		}
		*taken = true
	}
	if hasRGB || has256 {
		c.complete(hasRGB, has256, has16)
	}
	if isGround && c.c16 != 0 {
		c.c16 += 10
	}
	return c, nil
}

// basicCode is the SGR code of one of the eight.
func basicCode(n ansi.BasicColor, bright bool) uint8 {
	if bright {
		return 90 + uint8(n)
	}
	return 30 + uint8(n)
}

// complete fills the depths that were not given with the nearest colours.
func (c *colour) complete(hasRGB, has256, has16 bool) {
	var exact color.Color = color.RGBA{uint8(c.rgb >> 16), uint8(c.rgb >> 8), uint8(c.rgb), 255}
	if !hasRGB {
		exact = ansi.IndexedColor(c.c256)
		r, g, b, _ := exact.RGBA()
		c.rgb = r>>8<<16 | g>>8<<8 | b>>8
	}
	if !has256 {
		c.c256 = uint8(ansi.Convert256(exact))
	}
	if !has16 {
		n := ansi.Convert16(exact)
		c.c16 = basicCode(n%8, n >= 8)
	}
	if c.rgb == 0 && c.c256 == 0 {
		c.c256 = 16 // black of the cube: 0 and 0 would mean the name only
	}
}
