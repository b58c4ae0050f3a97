package attach

import (
	"testing"

	"optflow/model"
)

// Before a hub has said anything nothing is read from it.
func TestHubThatSaidNothing(t *testing.T) {
	s := FollowHub(&Hub{URL: "nats://127.0.0.1:1"}).Market().State()
	if s.Link != model.Behind || s.Reason != "connecting to the hub" || s.Read != 0 {
		t.Errorf("%v %q %d", s.Link, s.Reason, s.Read)
	}
}
