// Package arch turns the house rules into tests: who may import whom, where
// each library lives, how long code may get, which calls are banned. revive.toml
// holds what a linter can say.
//
// The tables to edit are in table_test.go; each other file holds one rule and
// the proof that the rule fires.
package arch
