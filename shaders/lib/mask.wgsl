// The score of a key that the query may not see. Finite, because WGSL promises nothing about infinities.
const MASKED: f32 = -1e30;

// How many keys query row i sees: the first so many. Causal is aligned bottom-right: keys j <= i + NK - NQ.
fn keysSeen(i: u32) -> u32 {
  return select(NK, max(i + 1u + NK, NQ) - NQ, CAUSAL);
}

// The divisor of a row: a row that saw nothing has l = 0, and its O is 0.
fn divisor(l: f32) -> f32 {
  return select(l, 1.0, l == 0.0);
}
