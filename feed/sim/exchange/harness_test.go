package exchange

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"optflow/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// monday is an ordinary trading day at 10:41 New York.
var monday = model.MakeDate(2026, time.November, 23).At(10, 41)

const busy = "O:SPY261123C00656000"

// inBubble runs a test under the virtual clock.
func inBubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}

func ms(t int64) string { return strconv.FormatInt(t, 10) }
