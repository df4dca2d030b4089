// unless: RIGHT
// The first query row that sees key j; every row after it sees the key, too. The other way round than keysSeen.
// when: RIGHT
// The first query row that sees key j. The other way round than keysSeen.
fn firstSeeing(j: u32) -> u32 {
  // when: CAUSAL
  return select(0u, max(j + NQ, NK) - NK, CAUSAL);
  // when: TOP_LEFT
  return j;
  // when: PREFIX
  return select(max(j + NQ, NK) - NK, 0u, j < PREFIX);
  // when: RIGHT
  return max(j + NQ, NK + RIGHT) - NK - RIGHT;
}
