// The plane of K and V that a query plane (= batch * HEADS + head) reads: HEADS / KV_HEADS query heads share one.
fn kvPlane(plane: u32) -> u32 {
  return plane / HEADS * KV_HEADS + plane % HEADS / (HEADS / KV_HEADS);
}
