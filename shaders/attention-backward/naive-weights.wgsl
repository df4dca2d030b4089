// Standard backward, pass 2 of 7: P = exp(S - LSE), one thread a weight. S comes back from HBM, P goes there in full.
@group(0) @binding(0) var<storage, read> S: array<f32, PLANES * NQ * NK>;
@group(0) @binding(1) var<storage, read> LSE: array<f32, PLANES * NQ>;
@group(0) @binding(2) var<storage, read_write> P: array<f32, PLANES * NQ * NK>;

@compute @workgroup_size(BC, BR)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  // phase: P = exp(S - L)
  let tile = group + origin;
  let i = tile.x * BR + local.y;
  let j = tile.y * BC + local.x;
  if (i < NQ && j < NK) {
    let row = tile.z * NQ + i;
    var p = 0.0;
    // unless: LEFT
    if (j < keysSeen(i)) {
    // when: LEFT
    if (j >= keysFrom(i) && j < keysSeen(i)) {
      p = exp(S[row * NK + j] - LSE[row]);
    }
    P[row * NK + j] = p;
  }
}
