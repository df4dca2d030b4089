// Standard backward, pass 7 of 7: dK = scale * dSᵀ Q, one thread an element of dK, summed over the query heads that
// share the KV head.
@group(0) @binding(0) var<storage, read> dS: array<f32, PLANES * NQ * NK>;
@group(0) @binding(1) var<storage, read> Q: array<f32, PLANES * NQ * D>;
@group(0) @binding(2) var<storage, read_write> dK: array<f32, KV_PLANES * NK * D>;

const SHARERS: u32 = HEADS / KV_HEADS; // query heads that read one KV head

@compute @workgroup_size(BC, BR)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  // phase: dK = dSᵀQ
  let tile = group + origin;
  let kv = tile.z;
  let j = tile.x * BR + local.y;
  let c = tile.y * BC + local.x;
  if (j < NK && c < D) {
    var dk = 0.0;
    for (var h = 0u; h < SHARERS; h++) {
      let row = (kv * SHARERS + h) * NQ;
      // unless: LEFT
      for (var i = firstSeeing(j); i < NQ; i++) {
      // when: LEFT
      for (var i = firstSeeing(j); i < rowsSeeing(j); i++) {
        dk += dS[(row + i) * NK + j] * Q[(row + i) * D + c];
      }
    }
    dK[(kv * NK + j) * D + c] = dk * SCALE;
  }
}
