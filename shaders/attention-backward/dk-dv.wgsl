// Backward, pass 2 of 3: dK and dV by column blocks. One workgroup keeps BC keys of one KV head and walks over the
// query tiles of every head that shares it; P is computed anew from Q, K and L, so that neither S nor P is ever read
// from HBM (Dao 2023, Algorithm 2).
@group(0) @binding(0) var<storage, read> Q: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(1) var<storage, read> K: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(2) var<storage, read> V: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(3) var<storage, read> dO: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(4) var<storage, read> LD: array<vec2f, PLANES * NQ>; // L and D of a row
@group(0) @binding(5) var<storage, read_write> dK: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(6) var<storage, read_write> dV: array<Chunk, KV_PLANES * NK * CHUNKS>;

const SHARERS: u32 = HEADS / KV_HEADS; // query heads that read one KV head

var<workgroup> sK: array<Chunk, BC * CHUNKS>;
var<workgroup> sV: array<Chunk, BC * CHUNKS>;
var<workgroup> sQ: array<Chunk, BR * CHUNKS>; // scaled
var<workgroup> sDO: array<Chunk, BR * CHUNKS>;
var<workgroup> sLD: array<vec2f, BR>;
var<workgroup> sP: array<f32, BR * BC>;
var<workgroup> sDS: array<f32, BR * BC>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  // phase: load K,V
  let block = group + origin;
  let kv = block.z;
  let k0 = block.x * BC;
  let keys = min(BC, NK - k0);
  let at = (kv * NK + k0) * CHUNKS;
  for (var e = thread; e < BC * CHUNKS; e += WG) {
    var k = Chunk(); // keys past the last are zero
    var v = Chunk();
    if (e < keys * CHUNKS) {
      k = K[at + e];
      v = V[at + e];
    }
    sK[e] = k;
    sV[e] = v;
  }
  // This thread's share: of P and dS rows r .. r + 3 against key j; of dK and dV keys y and y + 1, every SIDE-th chunk
  // from x on.
  let r = thread / BC * 4u;
  let j = thread % BC;
  let x = thread % SIDE;
  let y = thread / SIDE * 2u;
  var dk: array<Chunk, 2u * OWN>;
  var dv: array<Chunk, 2u * OWN>;

  for (var h = 0u; h < SHARERS; h++) {
    // when: CAUSAL (2 lines)
    // Tiles whose last row does not see the block's first key are left out.
    for (var q0 = firstSeeing(k0) / BR * BR; q0 < NQ; q0 += BR) {
    // when: PREFIX (2 lines)
    // Tiles whose last row does not see the block's first key are left out.
    for (var q0 = firstSeeing(k0) / BR * BR; q0 < NQ; q0 += BR) {
    // when: TOP_LEFT (2 lines)
    // Tiles whose last row does not see the block's first key are left out; nobody sees the keys from NQ on.
    for (var q0 = firstSeeing(k0) / BR * BR; q0 < select(0u, NQ, k0 < NQ); q0 += BR) {
    // when: LEFT (2 lines)
    // Tiles that see none of the block's keys are left out.
    for (var q0 = firstSeeing(k0) / BR * BR; q0 < rowsSeeing(k0 + keys - 1u); q0 += BR) {
      workgroupBarrier();
      // phase: load Q,dO
      let rows = min(BR, NQ - q0);
      let row = (kv * SHARERS + h) * NQ + q0;
      // when: SLOPES
      let slope = SLOPES[(kv * SHARERS + h) % HEADS];
      for (var e = thread; e < BR * CHUNKS; e += WG) {
        var q = Chunk();
        var o = Chunk();
        if (e < rows * CHUNKS) {
          q = Q[row * CHUNKS + e] * SCALE;
          o = dO[row * CHUNKS + e];
        }
        sQ[e] = q;
        sDO[e] = o;
      }
      for (var i = thread; i < rows; i += WG) {
        sLD[i] = LD[row + i];
      }

      workgroupBarrier();
      // phase: P = exp(QKᵀ - L)
      var s = vec4f();
      for (var c = 0u; c < CHUNKS; c++) {
        let k = sK[j * CHUNKS + c];
        let q = r * CHUNKS + c;
        s += vec4f(inner(sQ[q], k), inner(sQ[q + CHUNKS], k), inner(sQ[q + 2u * CHUNKS], k), inner(sQ[q + 3u * CHUNKS], k));
      }
      // when: SOFTCAP (2 lines)
      s = capped(s);
      let steep = 1.0 - s / SOFTCAP * (s / SOFTCAP); // of a capped score by the scaled one
      // when: SLOPES
      s -= slope * abs(ownKey(q0 + r) + vec4f(0.0, 1.0, 2.0, 3.0) - f32(k0 + j)); // rows r .. r + 3
      // unroll
      for (var n = 0u; n < 4u; n++) {
        let i = r + n;
        // unless: LEFT
        let seen = i < rows && k0 + j < keysSeen(q0 + i);
        // when: LEFT
        let seen = i < rows && k0 + j >= keysFrom(q0 + i) && k0 + j < keysSeen(q0 + i);
        sP[i * BC + j] = exp(select(MASKED, s[n] - sLD[i].x, seen));
      }

      // phase: dS = P(dOVᵀ - D)
      var dp = vec4f();
      for (var c = 0u; c < CHUNKS; c++) {
        let v = sV[j * CHUNKS + c];
        let o = r * CHUNKS + c;
        dp += vec4f(inner(sDO[o], v), inner(sDO[o + CHUNKS], v), inner(sDO[o + 2u * CHUNKS], v), inner(sDO[o + 3u * CHUNKS], v));
      }
      // unroll
      for (var n = 0u; n < 4u; n++) {
        let i = r + n;
        // unless: SOFTCAP
        sDS[i * BC + j] = sP[i * BC + j] * (dp[n] - sLD[i].y);
        // when: SOFTCAP
        sDS[i * BC + j] = sP[i * BC + j] * (dp[n] - sLD[i].y) * steep[n];
      }

      workgroupBarrier();
      // phase: dV += PᵀdO, dK += dSᵀQ
      for (var n = 0u; x + n * SIDE < CHUNKS; n++) {
        let c = x + n * SIDE;
        var v0 = dv[2u * n];
        var v1 = dv[2u * n + 1u];
        var d0 = dk[2u * n];
        var d1 = dk[2u * n + 1u];
        for (var i = 0u; i < BR; i++) {
          let o = sDO[i * CHUNKS + c];
          let q = sQ[i * CHUNKS + c];
          v0 += sP[i * BC + y] * o;
          v1 += sP[i * BC + y + 1u] * o;
          d0 += sDS[i * BC + y] * q;
          d1 += sDS[i * BC + y + 1u] * q;
        }
        dv[2u * n] = v0;
        dv[2u * n + 1u] = v1;
        dk[2u * n] = d0;
        dk[2u * n + 1u] = d1;
      }
    }
  }

  // phase: write dK,dV
  for (var n = 0u; x + n * SIDE < CHUNKS; n++) {
    for (var i = 0u; i < 2u && y + i < keys; i++) {
      let to = at + (y + i) * CHUNKS + x + n * SIDE;
      dK[to] = dk[2u * n + i];
      dV[to] = dv[2u * n + i];
    }
  }
}
