package model

import (
	"math/rand/v2"
	"slices"
)

// Trait is a property of a question. A pair of traits is worth the product of
// their worths to a plan, so that what matters most comes first.
type Trait struct {
	Name  string
	Worth int
}

// Choose returns at most n of the questions that together meet as many pairs
// of traits as they can. The same seed gives the same choice.
func Choose[Q any](seed uint64, all []Q, traits func(Q) []Trait, n int) []Q {
	var p pairs
	of := make([][]int, len(all)) // the pairs of each question
	for i, q := range all {
		of[i] = slices.Clone(p.of(traits(q)))
	}
	order := rand.New(rand.NewPCG(seed, stream)).Perm(len(all))
	var out []Q
	for len(out) < n {
		best, most := 0, 0
		for _, i := range order {
			if gain := p.gain(of[i]); gain > most {
				best, most = i, gain
			}
		}
		if most == 0 {
			break
		}
		out = append(out, all[best])
		p.meet(of[best])
	}
	return out
}

// stream separates the random numbers of plans from other uses of the seed.
const stream = 0x6d6f636b6465736b

// pairs numbers the pairs of traits, and knows which of them a plan has met.
// A plan compares thousands of questions, so they are found without hashing.
type pairs struct {
	traits map[string]int // their numbers
	worths []int          // of pairs: 0 of one that was met
	rounds []int          // in which a pair was last seen
	round  int
	met    []bool
	list   []int // what of returned last
	ids    []int // of the traits it was asked for
}

// of returns the pairs of the traits, each once.
func (p *pairs) of(traits []Trait) []int {
	p.round++
	p.list, p.ids = p.list[:0], p.ids[:0]
	for _, t := range traits {
		p.ids = append(p.ids, p.number(t.Name))
	}
	for i, a := range p.ids {
		for j, b := range p.ids[i+1:] {
			pair := p.pair(a, b)
			if p.rounds[pair] == p.round {
				continue
			}
			p.rounds[pair] = p.round
			p.list = append(p.list, pair)
			if !p.met[pair] {
				p.worths[pair] = traits[i].Worth * traits[i+1+j].Worth
			}
		}
	}
	return p.list
}

// number is the number of a trait, which may be new.
func (p *pairs) number(name string) int {
	id, known := p.traits[name]
	if !known {
		if p.traits == nil {
			p.traits = map[string]int{}
		}
		id = len(p.traits)
		p.traits[name] = id
		more := id + 1 // pairs that it makes with itself and those before it
		p.worths = append(p.worths, make([]int, more)...)
		p.rounds = append(p.rounds, make([]int, more)...)
		p.met = append(p.met, make([]bool, more)...)
	}
	return id
}

// pair is the number of a pair of traits, in either order.
func (*pairs) pair(a, b int) int {
	a, b = min(a, b), max(a, b)
	return b*(b+1)/2 + a
}

// gain returns what the unmet pairs among the given ones are worth.
func (p *pairs) gain(of []int) int {
	n := 0
	for _, pair := range of {
		n += p.worths[pair]
	}
	return n
}

// meet marks the pairs as met.
func (p *pairs) meet(of []int) {
	for _, pair := range of {
		p.met[pair], p.worths[pair] = true, 0
	}
}

// has reports whether a pair was met.
func (p *pairs) has(a, b string) bool { return p.met[p.pair(p.number(a), p.number(b))] }
