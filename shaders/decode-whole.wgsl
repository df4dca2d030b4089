// One workgroup a query row and head, through all keys that the row sees.
@group(0) @binding(0) var<storage, read> Q: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(1) var<storage, read> K: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(2) var<storage, read> V: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(3) var<storage, read_write> O: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(4) var<storage, read_write> LSE: array<f32, PLANES * NQ>;

fn keysOf(block: vec3u) -> vec3u {
  // when: SLOPES
  own = ownKey(block.x);
  // unless: LEFT
  return vec3u(0u, keysSeen(block.x), kvPlane(block.z) * NK);
  // when: LEFT
  return vec3u(keysFrom(block.x), keysSeen(block.x), kvPlane(block.z) * NK);
}

fn keepChunk(block: vec3u, c: u32, o: Chunk, l: f32) {
  O[(block.z * NQ + block.x) * CHUNKS + c] = o / divisor(l);
}

fn keepSums(block: vec3u, m: f32, l: f32) {
  LSE[block.z * NQ + block.x] = logSum(m, l);
}
