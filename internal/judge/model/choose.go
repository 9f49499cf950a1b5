package model

import "math/rand/v2"

// Trait is a property of a question. A pair of traits is worth their product
// to a plan: what matters most comes first.
type Trait struct {
	Name  string
	Worth int
}

// Choose returns at most n of the questions that together meet as many pairs
// of traits as they can. The same seed gives the same choice.
func Choose[Q any](seed uint64, all []Q, traits func(Q) []Trait, n int) []Q {
	ids := map[[2]string]int{}
	var worths []int
	pairs := make([][]int, len(all)) // of each question, as indexes of worths
	for i, q := range all {
		for pair, worth := range pairsOf(traits(q)) {
			id, known := ids[pair]
			if !known {
				id = len(worths)
				ids[pair], worths = id, append(worths, worth)
			}
			pairs[i] = append(pairs[i], id)
		}
	}
	order := rand.New(rand.NewPCG(seed, stream)).Perm(len(all))
	var out []Q
	for len(out) < n {
		best, most := 0, 0
		for _, i := range order {
			gain := 0
			for _, id := range pairs[i] {
				gain += worths[id]
			}
			if gain > most {
				best, most = i, gain
			}
		}
		if most == 0 {
			break
		}
		out = append(out, all[best])
		for _, id := range pairs[best] {
			worths[id] = 0 // it is met
		}
	}
	return out
}

// stream sets the chances of plans apart from other uses of the seed.
const stream = 0x6d6f636b6465736b

// pairsOf are the pairs of properties and what they are worth.
func pairsOf(traits []Trait) map[[2]string]int {
	out := map[[2]string]int{}
	for i, a := range traits {
		for _, b := range traits[i+1:] {
			out[pairOf(a.Name, b.Name)] = a.Worth * b.Worth
		}
	}
	return out
}
