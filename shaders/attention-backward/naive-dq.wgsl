// Standard backward, pass 6 of 7: dQ = scale * dS K, one thread an element of dQ.
@group(0) @binding(0) var<storage, read> dS: array<f32, PLANES * NQ * NK>;
@group(0) @binding(1) var<storage, read> K: array<f32, KV_PLANES * NK * D>;
@group(0) @binding(2) var<storage, read_write> dQ: array<f32, PLANES * NQ * D>;

@compute @workgroup_size(BC, BR)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  // phase: dQ = dSK
  let tile = group + origin;
  let plane = tile.z;
  let i = tile.x * BR + local.y;
  let c = tile.y * BC + local.x;
  if (i < NQ && c < D) {
    let row = plane * NQ + i;
    let k = kvPlane(plane) * NK * D + c;
    var dq = 0.0;
    // unless: LEFT
    for (var j = 0u; j < keysSeen(i); j++) {
    // when: LEFT
    for (var j = keysFrom(i); j < keysSeen(i); j++) {
      dq += dS[row * NK + j] * K[k + j * D];
    }
    dQ[row * D + c] = dq * SCALE;
  }
}
