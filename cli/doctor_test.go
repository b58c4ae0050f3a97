package cli

import (
	"strings"
	"testing"

	"optflow/feed/doctor"
)

func TestReport(t *testing.T) {
	var b strings.Builder
	r := &report{out: &b, width: 62}
	r.add(doctor.Finding{Subject: "key", Text: "found"})
	r.add(doctor.Finding{Grade: doctor.GradeWarn, Subject: "clock", Text: "this machine is an hour ahead of the server, which is a lot", Remedy: "turn on time synchronisation"})
	if r.failed || r.refused {
		t.Error("a warning is no failure")
	}
	r.add(doctor.Finding{Grade: doctor.GradeFail, Subject: "monitor", Text: "nothing", Refused: true})
	if !r.failed || !r.refused || r.err != nil {
		t.Errorf("%+v", r)
	}
	want := "ok    key        found\n" +
		"warn  clock      this machine is an hour ahead of the server,\n" +
		"                 which is a lot\n" +
		"                 -> turn on time synchronisation\n" +
		"fail  monitor    nothing\n"
	if b.String() != want {
		t.Errorf("%s\nwant\n%s", b.String(), want)
	}
}
