package main

import (
	"fmt"
	"os/exec"
	"time"
)

// judge prints how long the judge takes for its own fake, and for one with
// 50,000 tickets. The latter may need more than the usual number of requests;
// the run then ends with code 3.
func (b *bench) judge() error {
	for _, run := range []struct {
		tickets string
		took    *float64
	}{
		{"200", &b.results.judged},
		{"50000", &b.results.stranger},
	} {
		var err error
		*run.took, err = medianOf(3, func() (float64, error) {
			began := time.Now()
			command := exec.Command(b.binary, "check", "--tickets", run.tickets)
			if out, err := command.CombinedOutput(); err != nil && command.ProcessState.ExitCode() != 3 {
				return 0, fmt.Errorf("%v: %w\n%s", command.Args, err, out)
			}
			return time.Since(began).Seconds(), nil
		})
		if err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(b.out, "\nthe judge: %.2f s on its own fake, %.2f s on 50,000 tickets\n", b.results.judged, b.results.stranger)
	return err
}
