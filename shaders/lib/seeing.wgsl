// The first query row that sees key j; every row after it sees the key, too. The other way round than keysSeen.
fn firstSeeing(j: u32) -> u32 {
  return select(0u, max(j + NQ, NK) - NK, CAUSAL);
}
