package guide

// reading explains what is no column, in the order in which a newcomer meets it.
var reading = []Section{
	{"Reading the screen", []Line{
		{"a row", "a burst: trades of one contract within seconds of each other. It joins windows of trades, each at most 10s after the one before, 60s in all"},
		{"● Live", "the stream delivers"},
		{"○ Polling", "the stream does not, REST is asked instead; the words say why and what happens next"},
		{"○ Stopped", "neither may work: the key was refused"},
		{"newest 1.9s ago", "how old the newest data is; amber: older than it should be"},
		{"SIM", "the prices are invented, by the simulated market"},
		{"15m late", "the feed is a delayed one; all of it is that late"},
		{"floor $25K", "bursts of less premium are not shown, but count in every total"},
		{"38 of 1,204", "so many rows are shown, of so many over the floor; (211 lack spot): of those left out the filter cannot tell"},
		{"[2 All*]", "the tab in front; *: a filter line is put on top of the tab's own"},
		{"only puts · rings", "the filter of the tab in front; it rings when a burst comes into it, and 3 Big+7 counts those of a tab that is not in front"},
		{"12 new ↑ g", "the rows stand still and so many came since; that key goes to the newest and follows"},
		{"frozen", "all but the first line and the counts of what came since is of the moment of freezing"},
		{"you left here", "the tape's newest row when the terminal lost its focus, the picture was frozen, or five minutes had passed without a key; with what came since above the totals, until the next key"},
		{"▸  ▼", "the selected row; the one whose details are open. There the chart is the day: closes joined where no quiet minute lies between, ▲ the row's time, ┊ a time in which volume is missing"},
		{"the mouse", "a click selects a row, a second one opens it; on a head it sorts, on a tab, a key of the last line or a ticker of the totals (its contracts) it does what stands there; the wheel scrolls what it is over"},
		{"180*C", "an adjusted contract: after a split or merger it delivers something else than 100 shares, so its strike says nothing beside the spot; its details say what"},
		{"blank, –", "not known. A filter on it is neither true nor false, and the count says how many lack it"},
	}},
	{"Marks, in the column MARK", []Line{
		{"W", "whale: premium of $1M or more, and a delta under 0.90 or unknown: deeper contracts stand in for stock"},
		{"U", "unusual: this row carried the day's volume over 1.25 times the open interest"},
		{"u", "the contract had been unusual before this row"},
		{">", "larger than the whole open interest. That is yesterday's close, so it does not say \"opening\""},
		{"=", "twin: another contract of the ticker had the same size in the same second. It does not say that they belong together"},
	}},
	{"Sides, in the column SD: where it traded, never who wanted it", []Line{
		{"A  B", "at the ask; at the bid"},
		{"AA  BB", "all of it above the ask; all of it below the bid"},
		{"a  b", "near the ask; near the bid"},
		{"M", "between them"},
		{"blank", "no quote is known"},
		{"A", "a letter alone is sure: every quote in force from 0.25s before to the end says the same"},
		{"A?", "fairly sure: the quotes read before and after have the same prices"},
		{"A~", "not sure: which quote was in force is not known, or the row was polled"},
		{"how right", "where studies knew both, the quote's side was that of who wanted the trade for 36 to 87% of trades"},
	}},
	{"Colours repeat what letters and words say; none stands alone", []Line{
		{"C  P", "calls and puts have a colour each, in STRIKE and in the heat map"},
		{"A  B", "the ask's and the bid's sides have one each; a side that is not sure is dim"},
		{"premium", "brighter from $100K on, gold from $1M"},
		{"amber", "a warning: old data, missing volume"},
		{"faint", "not known, or not whole yet"},
		{"a ground", "rows of whales stand on one; the selected row has another, and ▸ before it"},
		{"▎  *", "the row came this moment; the search finds it"},
	}},
	{"Gaps: volume that is known to be missing", []Line{
		{"gaps 1 (640 lots)", "in the first line: open gaps, and the contracts missing in them. They are asked for again; a gap shrinks when its volume comes"},
		{"gap", "a row of the tape: how many contracts are missing, from when to when, and what is done about it"},
		{"still expected", "young enough to come by itself"},
		{"asking REST", "the stream or this program lost it; \"since when is unknown\": a contract first heard of after that"},
		{"the feed was paused", "nobody listened: it was switched off, this machine slept, or the key was used elsewhere"},
		{"in no bar", "late prints: the vendor counts them and has them in no bar, so this is not our loss"},
	}},
	{"Totals of a ticker, above the last line", []Line{
		{"CALLS  PUTS", "premium of the whole day; ≥ while the day is still being read"},
		{"P/C", "puts over calls"},
		{"BULL-BEAR", "ask-side calls and bid-side puts less the mirror: sure sides only, twins left out, from the first row of the ticker in this run. – while it stands on less than 10% of the premium"},
		{"last hour", "premium by minute. ╷ low and ┊ high hold a minute that is not whole (history, missing volume, the running one), · is such a one without premium; whole from: all later ones are whole"},
		{"+2 more", "tickers that have no room there; the view Tickers has all of them"},
	}},
}

var heat = []Line{
	{"█ ▓ ▒ ░ ·", "premium against the largest cell; the line below says what each stands for"},
	{"C  P", "two thirds of the cell's premium or more is calls, puts"},
	{"≈", "the strike next to the spot"},
}
