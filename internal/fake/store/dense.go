package store

import "github.com/RoaringBitmap/roaring/v2"

// dense gathers numbers below a bound that come in any order. A bitmap is as
// fast only when they come in ascending order.
type dense []uint64

func newDense(n int) dense {
	return make(dense, (n+63)/64)
}

func (d dense) add(n uint32) {
	d[n/64] |= 1 << (n % 64)
}

// bit returns 1 for a number that was added, else 0.
func (d dense) bit(n uint32) uint64 {
	return d[n/64] >> (n % 64) & 1
}

func (d dense) bitmap() *roaring.Bitmap {
	return roaring.FromDense(d, true)
}
