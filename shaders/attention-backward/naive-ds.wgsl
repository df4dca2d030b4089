// Standard backward, pass 5 of 7: dS = P ∘ (dP - D) with D = rowsum(dO ∘ O), one thread a row. P and dP come back from
// HBM, dS goes there in full.
@group(0) @binding(0) var<storage, read> O: array<f32, PLANES * NQ * D>;
@group(0) @binding(1) var<storage, read> dO: array<f32, PLANES * NQ * D>;
@group(0) @binding(2) var<storage, read> P: array<f32, PLANES * NQ * NK>;
@group(0) @binding(3) var<storage, read> dP: array<f32, PLANES * NQ * NK>;
// unless: SOFTCAP
@group(0) @binding(4) var<storage, read_write> dS: array<f32, PLANES * NQ * NK>;
// when: SOFTCAP (2 lines)
@group(0) @binding(4) var<storage, read> S: array<f32, PLANES * NQ * NK>;
@group(0) @binding(5) var<storage, read_write> dS: array<f32, PLANES * NQ * NK>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  // phase: D = rowsum(dO O)
  let block = group + origin;
  let i = block.x * WG + thread;
  if (i < NQ) {
    let row = block.z * NQ + i;
    var d = 0.0;
    for (var c = 0u; c < D; c++) {
      d += dO[row * D + c] * O[row * D + c];
    }

    // phase: dS = P(dP - D)
    let seen = keysSeen(i);
    // unless: LEFT
    for (var j = row * NK; j < row * NK + seen; j++) {
    // when: LEFT (2 lines)
    let first = keysFrom(i);
    for (var j = row * NK + first; j < row * NK + seen; j++) {
      // unless: SOFTCAP
      dS[j] = P[j] * (dP[j] - d);
      // when: SOFTCAP
      var t = S[j];
      // when: SLOPES
      t += SLOPES[block.z % HEADS] * abs(ownKey(i) - f32(j - row * NK));
      // when: SOFTCAP (2 lines)
      t /= SOFTCAP;
      dS[j] = P[j] * (dP[j] - d) * (1.0 - t * t); // a capped score grows by 1 - tanh² as the scaled one does by 1
    }
    // unless: LEFT
    for (var j = row * NK + seen; j < (row + 1u) * NK; j++) {
    // when: LEFT (2 lines)
    for (var n = 0u; n < NK - (seen - first); n++) {
      let j = row * NK + select(n + seen - first, n, n < first);
      dS[j] = 0.0;
    }
  }
}
