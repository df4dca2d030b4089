// The end of the query rows that see key j. The other way round than keysFrom.
fn rowsSeeing(j: u32) -> u32 {
  return min(max(j + 1u + NQ + LEFT, NK) - NK, NQ);
}
