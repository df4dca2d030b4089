// The text that the hand-made frames point into: shaped like the tiled kernel, never run.
export const SOURCE = `const N = 64u;
const D = 32u;
const BR = 16u;
const BC = 16u;
const SCALE = 0.17677669f;

@group(0) @binding(0) var<storage, read> Q: array<f32>;
@group(0) @binding(1) var<storage, read> K: array<f32>;
@group(0) @binding(2) var<storage, read> V: array<f32>;
@group(0) @binding(3) var<storage, read_write> O: array<f32>;

var<workgroup> sQ: array<f32, BR * D>;
var<workgroup> sK: array<f32, BC * D>;
var<workgroup> sV: array<f32, BC * D>;
var<workgroup> sS: array<f32, BR * BC>;
var<workgroup> sl: array<f32, BR>;

/* One workgroup owns BR query rows
   and walks over all key tiles. */
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) t: u32) {
  let q0 = wg.x * BR;
  var acc: array<f32, 8>;
  // phase: load Q
  for (var i = t; i < BR * D; i += 64u) {
    sQ[i] = Q[q0 * D + i];
  }
  for (var kt = 0u; kt < N / BC; kt++) {
    // phase: load K,V
    for (var i = t; i < BC * D; i += 64u) {
      sK[i] = K[kt * BC * D + i];
      sV[i] = V[kt * BC * D + i];
    }
    workgroupBarrier();
    // phase: S = QKᵀ
    for (var c = 0u; c < D; c++) {
      s += sQ[r * D + c] * sK[j * D + c];
    }
    sS[r * BC + j] = s * SCALE;
    workgroupBarrier();
    // phase: softmax
    let m_old = sm[r];
    var m = m_old;
    for (var j = 0u; j < BC; j++) { // max
      m = max(m, sS[r * BC + j]);
    }
    let alpha = exp(m_old - m);
    var l = sl[r] * alpha;
    for (var j = 0u; j < BC; j++) {
      let p = exp(sS[r * BC + j] - m);
      sS[r * BC + j] = p;
      l += p;
    }
    sl[r] = l;
    workgroupBarrier();
    // phase: O += PV
    for (var c = 0u; c < 8u; c++) {
      var x = acc[c] * alpha;
      for (var j = 0u; j < BC; j++) { x += sS[r * BC + j] * sV[j * D + c]; }
      acc[c] = x;
    }
    workgroupBarrier();
  }
  // phase: write O
  for (var c = 0u; c < 8u; c++) {
    O[(q0 + r) * D + c] = acc[c] / sl[r];
  }
}
`;
