// Flash-Decoding, pass 1 of 2: one workgroup a part of SPAN keys, so that a single query row keeps many workgroups busy. What each finds goes to HBM:
// O not yet divided by l, and m and l.
@group(0) @binding(0) var<storage, read> Q: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(1) var<storage, read> K: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(2) var<storage, read> V: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(3) var<storage, read_write> OPart: array<Chunk, PLANES * NQ * PARTS * CHUNKS>;
@group(0) @binding(4) var<storage, read_write> ML: array<vec2f, PLANES * NQ * PARTS>;

fn keysOf(block: vec3u) -> vec3u {
  // when: SLOPES
  own = ownKey(block.x);
  let seen = keysSeen(block.x);
  // unless: LEFT
  return vec3u(min(block.y * SPAN, seen), min((block.y + 1u) * SPAN, seen), kvPlane(block.z) * NK);
  // when: LEFT (2 lines)
  let first = keysFrom(block.x);
  return vec3u(clamp(block.y * SPAN, first, seen), clamp((block.y + 1u) * SPAN, first, seen), kvPlane(block.z) * NK);
}

fn keepChunk(block: vec3u, c: u32, o: Chunk, l: f32) {
  OPart[((block.z * NQ + block.x) * PARTS + block.y) * CHUNKS + c] = o;
}

fn keepSums(block: vec3u, m: f32, l: f32) {
  ML[(block.z * NQ + block.x) * PARTS + block.y] = vec2f(m, l);
}
