// FlashAttention as first published (Dao et al. 2022, Algorithm 1): tiles of K and V outside, tiles of Q inside. O, l
// and m live in HBM, are read and written in every inner step, and O is divided by l each time. One workgroup takes a
// whole plane, for these steps must follow one another.
@group(0) @binding(0) var<storage, read> Q: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(1) var<storage, read> K: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(2) var<storage, read> V: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(3) var<storage, read_write> O: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(4) var<storage, read_write> L: array<f32, PLANES * NQ>; // sum of exp(s - m) so far
@group(0) @binding(5) var<storage, read_write> M: array<f32, PLANES * NQ>; // largest score of the row so far
@group(0) @binding(6) var<storage, read_write> LSE: array<f32, PLANES * NQ>;

var<workgroup> sQ: array<Chunk, BR * CHUNKS>; // scaled before it is multiplied: scores stay in f32's range
var<workgroup> sK: array<Chunk, BC * CHUNKS>;
var<workgroup> sV: array<Chunk, BC * CHUNKS>;
var<workgroup> sS: array<f32, BR * BC>; // S, then P against the largest score of this tile alone
var<workgroup> sAlpha: array<f32, BR>; // what the older O is multiplied by
var<workgroup> sBeta: array<f32, BR>; // and what this tile's PV is

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  // phase: m, l, O begin
  let block = group + origin;
  let plane = block.z;
  let first = plane * NQ;
  // An element of O, l or m is one thread's from here to the end, so no barrier has to put HBM in order.
  for (var q0 = 0u; q0 < NQ; q0 += BR) {
    let rows = min(BR, NQ - q0);
    for (var e = thread; e < rows * CHUNKS; e += WG) {
      O[(first + q0) * CHUNKS + e] = Chunk();
    }
    for (var i = thread; i < rows; i += WG) {
      L[first + q0 + i] = 0.0;
      M[first + q0 + i] = MASKED;
    }
  }
  // This thread's share of S: rows r .. r + 3 against key j.
  let r = thread / BC * 4u;
  let j = thread % BC;
  // when: SLOPES
  let slope = SLOPES[plane % HEADS];

  // when: CAUSAL
  for (var k0 = 0u; k0 < NK; k0 += BC) {
  // when: PREFIX
  for (var k0 = 0u; k0 < NK; k0 += BC) {
  // when: TOP_LEFT
  for (var k0 = 0u; k0 < min(NK, NQ); k0 += BC) { // nobody sees the keys from NQ on
  // when: LEFT
  for (var k0 = keysFrom(0u) / BC * BC; k0 < NK; k0 += BC) { // nobody sees the keys before
    workgroupBarrier();
    // phase: load K,V
    let keys = min(BC, NK - k0);
    let kv = (kvPlane(plane) * NK + k0) * CHUNKS;
    for (var e = thread; e < BC * CHUNKS; e += WG) {
      var k = Chunk(); // keys past the last are zero
      var v = Chunk();
      if (e < keys * CHUNKS) {
        k = K[kv + e];
        v = V[kv + e];
      }
      sK[e] = k;
      sV[e] = v;
    }

    // unless: LEFT (2 lines)
    // Tiles of Q whose last row does not see the tile's first key are left out.
    for (var q0 = firstSeeing(k0) / BR * BR; q0 < NQ; q0 += BR) {
    // when: LEFT (2 lines)
    // Tiles of Q that see none of these keys are left out.
    for (var q0 = firstSeeing(k0) / BR * BR; q0 < rowsSeeing(k0 + keys - 1u); q0 += BR) {
      // phase: load Q
      let rows = min(BR, NQ - q0);
      for (var e = thread; e < BR * CHUNKS; e += WG) {
        var q = Chunk();
        if (e < rows * CHUNKS) {
          q = Q[(first + q0) * CHUNKS + e] * SCALE;
        }
        sQ[e] = q;
      }

      workgroupBarrier();
      // phase: S = QKᵀ
      var s = vec4f();
      for (var c = 0u; c < CHUNKS; c++) {
        let k = sK[j * CHUNKS + c];
        let q = r * CHUNKS + c;
        s += vec4f(inner(sQ[q], k), inner(sQ[q + CHUNKS], k), inner(sQ[q + 2u * CHUNKS], k), inner(sQ[q + 3u * CHUNKS], k));
      }
      // when: SOFTCAP
      s = capped(s);
      // when: SLOPES
      s -= slope * abs(ownKey(q0 + r) + vec4f(0.0, 1.0, 2.0, 3.0) - f32(k0 + j)); // rows r .. r + 3
      // unroll
      for (var n = 0u; n < 4u; n++) {
        sS[(r + n) * BC + j] = select(MASKED, s[n], k0 + j < keysSeen(q0 + r + n));
        // when: LEFT (3 lines)
        if (k0 + j < keysFrom(q0 + r + n)) {
          sS[(r + n) * BC + j] = MASKED;
        }
      }

      workgroupBarrier();
      // phase: softmax
      for (var i = thread; i < rows; i += WG) {
        var mTile = MASKED;
        for (var x = 0u; x < BC; x++) {
          mTile = max(mTile, sS[i * BC + x]);
        }
        var lTile = 0.0;
        for (var x = 0u; x < BC; x++) {
          let score = sS[i * BC + x];
          let p = select(0.0, exp(score - mTile), score > MASKED);
          sS[i * BC + x] = p;
          lTile += p;
        }
        let row = first + q0 + i;
        let mOld = M[row];
        let m = max(mOld, mTile);
        let old = L[row] * exp(mOld - m);
        let beta = exp(mTile - m);
        let l = old + beta * lTile;
        M[row] = m;
        L[row] = l;
        sAlpha[i] = old / divisor(l);
        sBeta[i] = beta / divisor(l);
      }

      workgroupBarrier();
      // phase: O += PV
      for (var e = thread; e < rows * CHUNKS; e += WG) {
        let i = e / CHUNKS;
        var pv = Chunk();
        for (var x = 0u; x < BC; x++) {
          pv += sS[i * BC + x] * sV[x * CHUNKS + e % CHUNKS];
        }
        let o = (first + q0) * CHUNKS + e;
        O[o] = sAlpha[i] * O[o] + sBeta[i] * pv;
      }
    }
  }

  // phase: write LSE
  for (var q0 = 0u; q0 < NQ; q0 += BR) {
    for (var i = thread; i < min(BR, NQ - q0); i += WG) {
      let row = first + q0 + i;
      LSE[row] = M[row] + log(divisor(L[row]));
    }
  }
}
