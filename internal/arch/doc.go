// Package arch turns the house rules into tests: who may import whom, where
// each library lives, which calls are banned. What any linter can say is in
// revive.toml.
//
// The tables to edit are in arch_test.go; each other file holds one rule and
// the proof that the rule fires.
package arch
