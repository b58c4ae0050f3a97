package filter

import "strings"

// Lack is a set of things that are not known of a row.
type Lack uint16

// What a row may lack.
const (
	LackPremium Lack = 1 << iota
	LackVolume
	LackOI
	LackPrints
	LackPrice
	LackSpot
	LackIV
	LackDelta
	LackSide
	LackRank
	LackTwin
)

var lackNames = [...]string{"premium", "volume", "OI", "prints", "price", "spot", "IV", "delta", "side", "rank", "twin"}

// String names them as the count does: "spot", "OI and spot".
func (l Lack) String() string {
	var names []string
	for i, name := range lackNames {
		if l&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}
