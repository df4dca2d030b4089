// Standard attention, pass 3 of 3: O = P V, one thread an element of O. P comes back from HBM.
@group(0) @binding(0) var<storage, read> P: array<f32, PLANES * NQ * NK>;
@group(0) @binding(1) var<storage, read> V: array<f32, KV_PLANES * NK * D>;
@group(0) @binding(2) var<storage, read_write> O: array<f32, PLANES * NQ * D>;

@compute @workgroup_size(BC, BR)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  // phase: O = PV
  let tile = group + origin;
  let plane = tile.z;
  let i = tile.x * BR + local.y;
  let c = tile.y * BC + local.x;
  if (i < NQ && c < D) {
    let p = (plane * NQ + i) * NK;
    let v = kvPlane(plane) * NK * D + c;
    var o = 0.0;
    // unless: LEFT
    for (var j = 0u; j < keysSeen(i); j++) {
    // when: LEFT
    for (var j = keysFrom(i); j < keysSeen(i); j++) {
      o += P[p + j] * V[v + j * D];
    }
    O[(plane * NQ + i) * D + c] = o;
  }
}
