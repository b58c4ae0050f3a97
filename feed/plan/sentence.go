package plan

import (
	"fmt"
	"time"
)

// sentences are what the status bar says, and remedies what to do about it. A
// reason that was given in a server's own words is followed by them.
var sentences = [...]string{
	AllWell:          "",
	NotInPlan:        "no real-time stream in this plan, trying the delayed one",
	RefusedThere:     "the real-time host refuses the key, trying the delayed one",
	SilentThere:      "the real-time host stays silent, trying the delayed one",
	PlanIsLate:       "REST says that this plan is delayed, trying the delayed stream",
	NoStreamInPlan:   "plan has no WebSocket",
	NoStreamTakesKey: "stream refused the key, REST takes it",
	StreamsSilent:    "the stream takes the key and stays silent",
	BadKey:           "key refused",
	NoKeySet:         "the server wants a key and none is set",
	NothingInPlan:    "this plan carries no options flow",
	OnlyRefusals:     "no stream for this key, and REST refuses it",
}

var remedies = [...]string{
	AllWell:          "",
	NotInPlan:        "optflow tries the delayed stream",
	RefusedThere:     "optflow tries the delayed stream",
	SilentThere:      "optflow tries the delayed stream",
	PlanIsLate:       "optflow tries the delayed stream",
	NoStreamInPlan:   "optflow polls; a plan with the WebSocket streams",
	NoStreamTakesKey: "optflow polls; look at the plan, whether it has the WebSocket of options",
	StreamsSilent:    "optflow polls and asks again; if it stays so, look at the plan",
	BadKey:           "check the key; without one the simulated market shows",
	NoKeySet:         "put MASSIVE_API_KEY in the environment or .env, or name a file with --api-key-file",
	NothingInPlan:    "without a key the simulated market shows",
	OnlyRefusals:     "check the key and the plan; without a key the simulated market shows",
}

// Sentence is the reason in words for the user, "" when all is well.
func (w Why) Sentence() string { return sentences[w] }

// Remedy is what to do about it, "" when there is nothing.
func (w Why) Remedy() string { return remedies[w] }

// AgainIn says, after a sentence, when something denied is asked again.
func AgainIn(wait time.Duration) string {
	return fmt.Sprintf("; asked again in %d min", (wait+time.Minute-1)/time.Minute)
}
