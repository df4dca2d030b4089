// Standard backward, pass 4 of 7: dP = dO Vᵀ, one thread an element. All of dP goes to HBM.
@group(0) @binding(0) var<storage, read> dO: array<f32, PLANES * NQ * D>;
@group(0) @binding(1) var<storage, read> V: array<f32, KV_PLANES * NK * D>;
@group(0) @binding(2) var<storage, read_write> dP: array<f32, PLANES * NQ * NK>;

@compute @workgroup_size(BC, BR)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  // phase: dP = dOVᵀ
  let tile = group + origin;
  let plane = tile.z;
  let i = tile.x * BR + local.y;
  let j = tile.y * BC + local.x;
  if (i < NQ && j < NK) {
    var dp = 0.0;
    // unless: LEFT
    if (j < keysSeen(i)) {
    // when: LEFT
    if (j >= keysFrom(i) && j < keysSeen(i)) {
      let o = (plane * NQ + i) * D;
      let v = (kvPlane(plane) * NK + j) * D;
      for (var c = 0u; c < D; c++) {
        dp += dO[o + c] * V[v + c];
      }
    }
    dP[(plane * NQ + i) * NK + j] = dp;
  }
}
