// The first key that query row i sees: LEFT before its own, key i + NK - NQ.
fn keysFrom(i: u32) -> u32 {
  return max(i + NK, NQ + LEFT) - NQ - LEFT;
}
