package basis

import "math"

// riskFree is the interest rate of the pricing model, a year.
const RiskFree = 0.043

// tradingYear is a year of sessions in ms of trading time: variance accrues
// while the market is open, which is what makes same-day options decay as they do.
const TradingYear = 252 * SessionMinutes * float64(Minute)

// YearsTo is the trading time until a contract expires, in years: what is left
// of today's session and every trading day after. It is floored at a twentieth
// of a session, because the simulated market keeps trading after 16:00.
func YearsTo(ms, dayStart int64, daysAfter int) float64 {
	const sessionEnd = 16 * 60 * Minute
	left := float64(dayStart+sessionEnd-ms) / float64(SessionMinutes*Minute)
	return max(min(max(left, 0), 1)+float64(daysAfter), 0.05) / 252
}

// normalCDF is the standard normal distribution.
func normalCDF(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }

// Worth is a theoretical price with its greeks; theta a calendar day, vega a
// point of volatility.
type Worth struct {
	Price, Delta, Gamma, Theta, Vega float64
}

// BlackScholes prices a European option without dividends.
func BlackScholes(put bool, spot, strike, years, vol float64) Worth {
	root := vol * math.Sqrt(years)
	d1 := (math.Log(spot/strike) + (RiskFree+vol*vol/2)*years) / root
	d2 := d1 - root
	density := math.Exp(-d1*d1/2) / math.Sqrt(2*math.Pi)
	discounted := strike * math.Exp(-RiskFree*years)
	v := Worth{
		Gamma: density / (spot * root),
		Vega:  spot * density * math.Sqrt(years) / 100,
	}
	decay := -spot * density * vol / (2 * math.Sqrt(years))
	if put {
		v.Price = discounted*normalCDF(-d2) - spot*normalCDF(-d1)
		v.Delta = normalCDF(d1) - 1
		v.Theta = (decay + RiskFree*discounted*normalCDF(-d2)) / 365
		return v
	}
	v.Price = spot*normalCDF(d1) - discounted*normalCDF(d2)
	v.Delta = normalCDF(d1)
	v.Theta = (decay - RiskFree*discounted*normalCDF(d2)) / 365
	return v
}

// Smile is the implied volatility of a strike: the term structure at the money,
// a slope towards low strikes and a curve into both wings. Calls and puts of a
// strike share it, so put-call parity holds before rounding. heat scales it
// with the market's present volatility.
func (p *Profile) Smile(spot, strike, years, heat float64) float64 {
	atm := (p.Vol + p.front*math.Exp(-years/0.08)) * heat
	m := math.Log(strike/spot) / (atm * math.Sqrt(years))
	m = max(-4, min(4, m))
	return max(0.05, atm*(1-p.skew*m+0.022*m*m))
}
