package basis

import (
	"fmt"

	"optflow/model"
)

// SymbolOf writes a contract the vendor's way: O:, root, YYMMDD, C or P, and the
// strike in thousandths of a dollar in eight digits.
func SymbolOf(root string, expiry model.Date, put bool, strike int32) string {
	letter := byte('C')
	if put {
		letter = 'P'
	}
	y, m, d := expiry.UTC().Date()
	return fmt.Sprintf("O:%s%02d%02d%02d%c%08d", root, y%100, int(m), d, letter, strike)
}
