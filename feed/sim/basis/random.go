package basis

import (
	"math"
	"math/rand/v2"
)

// Streams of randomness. Each part of the market draws from its own, so that a
// switch of one (a fault, say) leaves the draws of the others as they were.
const (
	StreamSpot = iota + 1
	StreamPastSpot
	StreamFlow
	StreamFault
	StreamWire
	StreamSnapshot
	StreamPast
	StreamListing
)

// NewRand is the seed's generator for one stream and one salt.
func NewRand(seed uint64, stream int, salt uint64) *rand.Rand {
	return rand.New(rand.NewPCG(Mix(seed), Mix(salt^uint64(stream)<<56)))
}

// Mix scrambles a word (the finaliser of splitmix64).
func Mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// HashString is FNV-1a, scrambled.
func HashString(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return Mix(h)
}

// Unit maps a word to [0, 1).
func Unit(x uint64) float64 { return float64(x>>11) / (1 << 53) }

// NormalOf maps a word to a standard normal value (Box and Muller).
func NormalOf(x uint64) float64 {
	u := 1 - Unit(x)
	return math.Sqrt(-2*math.Log(u)) * math.Cos(2*math.Pi*Unit(Mix(x)))
}

// Poisson draws a count of the given mean: by multiplication while it is small,
// by its normal limit beyond.
func Poisson(r *rand.Rand, mean float64) int {
	if mean <= 0 {
		return 0
	}
	if mean > 60 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	limit, product, n := math.Exp(-mean), r.Float64(), 0
	for product > limit {
		product *= r.Float64()
		n++
	}
	return n
}

// LogUniform draws from [low, high], every factor of which is equally likely.
func LogUniform(r *rand.Rand, low, high float64) float64 {
	return low * math.Exp(r.Float64()*math.Log(high/low))
}
