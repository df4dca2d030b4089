// The four chunks that the lanes of a quad hold, in the order of the lanes, given to each of them: one load a lane, four chunks a lane.
fn ofQuad(x: Chunk) -> array<Chunk, 4> {
  return array<Chunk, 4>(quadBroadcast(x, 0u), quadBroadcast(x, 1u), quadBroadcast(x, 2u), quadBroadcast(x, 3u));
}
