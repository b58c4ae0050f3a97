package sim

// Trade is one trade of the truth, the list everything else derives from.
type Trade struct {
	Symbol    string
	Time      int64 // ms: when it was executed, which decides its bar
	Seen      int64 // ms: from when av and day volume count it; later than Time for a late trade
	Barred    int64 // ms: from when its bar counts it; 0 never
	Price     float64
	Size      int64 // contracts
	Exchange  int   // 300 + OPRA letter
	Condition int   // OPRA condition, 200 + letter
	Sequence  int64 // increasing per contract; negative before the start
}
