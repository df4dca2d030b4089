// Standard attention, pass 1 of 3: S = scale * Q Kᵀ, one thread a score. All of S goes to HBM.
@group(0) @binding(0) var<storage, read> Q: array<f32, PLANES * NQ * D>;
@group(0) @binding(1) var<storage, read> K: array<f32, KV_PLANES * NK * D>;
@group(0) @binding(2) var<storage, read_write> S: array<f32, PLANES * NQ * NK>;

@compute @workgroup_size(BC, BR)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  // phase: S = QKᵀ
  let tile = group + origin;
  let plane = tile.z;
  let i = tile.x * BR + local.y;
  let j = tile.y * BC + local.x;
  if (i < NQ && j < NK) {
    var s = MASKED;
    // unless: LEFT
    if (j < keysSeen(i)) {
    // when: LEFT
    if (j >= keysFrom(i) && j < keysSeen(i)) {
      let q = (plane * NQ + i) * D;
      let k = (kvPlane(plane) * NK + j) * D;
      s = 0.0;
      for (var c = 0u; c < D; c++) {
        s += Q[q + c] * SCALE * K[k + c]; // scaled first, so that no product leaves f32's range
      }
      // when: SOFTCAP
      s = capped(s);
      // when: SLOPES
      s -= SLOPES[plane % HEADS] * abs(ownKey(i) - f32(j));
    }
    S[(plane * NQ + i) * NK + j] = s;
  }
}
