// The score of a key that the query may not see. Finite, because WGSL promises nothing about infinities.
const MASKED: f32 = -1e30;

// when: CAUSAL
// How many keys query row i sees: the first so many. Causal is aligned bottom-right: keys j <= i + NK - NQ.
// when: TOP_LEFT
// How many keys query row i sees: the first so many. Causal, aligned top-left: keys j <= i.
// when: PREFIX
// How many keys query row i sees: the first PREFIX at least, and as many as a causal row does.
// when: RIGHT
// The end of the keys that query row i sees: RIGHT after its own, key i + NK - NQ.
fn keysSeen(i: u32) -> u32 {
  // when: CAUSAL
  return select(NK, max(i + 1u + NK, NQ) - NQ, CAUSAL);
  // when: TOP_LEFT
  return min(i + 1u, NK);
  // when: PREFIX
  return max(PREFIX, max(i + 1u + NK, NQ) - NQ);
  // when: RIGHT
  return min(max(i + 1u + NK + RIGHT, NQ) - NQ, NK);
}

// The divisor of a row: a row that saw nothing has l = 0, and its O is 0.
fn divisor(l: f32) -> f32 {
  return select(l, 1.0, l == 0.0);
}
