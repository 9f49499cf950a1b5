// Package e2e turns the built binary into a server and drives it from outside,
// as a user would. Its tests need the build tag e2e: run make e2e.
package e2e
