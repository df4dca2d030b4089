// Backward, pass 3 of 3: dQ by row blocks. One workgroup keeps BR query rows with their dO, L and D and walks over the
// tiles of K and V that they see; P is computed anew, as in pass 2, so that no two workgroups write the same number.
@group(0) @binding(0) var<storage, read> Q: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(1) var<storage, read> K: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(2) var<storage, read> V: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(3) var<storage, read> dO: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(4) var<storage, read> LD: array<vec2f, PLANES * NQ>; // L and D of a row
@group(0) @binding(5) var<storage, read_write> dQ: array<Chunk, PLANES * NQ * CHUNKS>;

var<workgroup> sQ: array<Chunk, BR * CHUNKS>; // scaled
var<workgroup> sDO: array<Chunk, BR * CHUNKS>;
var<workgroup> sLD: array<vec2f, BR>;
var<workgroup> sK: array<Chunk, BC * CHUNKS>;
var<workgroup> sV: array<Chunk, BC * CHUNKS>;
var<workgroup> sP: array<f32, BR * BC>;
var<workgroup> sDS: array<f32, BR * BC>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  // phase: load Q,dO
  let block = group + origin;
  let plane = block.z;
  let q0 = block.x * BR;
  let rows = min(BR, NQ - q0);
  let seen = keysSeen(q0 + rows - 1u);
  let row = plane * NQ + q0;
  for (var e = thread; e < BR * CHUNKS; e += WG) {
    var q = Chunk(); // rows past the last are zero
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
  // This thread's share: of P and dS rows r .. r + 3 against key j; of dQ rows y and y + 1, every SIDE-th chunk from x
  // on.
  let r = thread / BC * 4u;
  let j = thread % BC;
  let x = thread % SIDE;
  let y = thread / SIDE * 2u;
  var dq: array<Chunk, 2u * OWN>;
  // when: SLOPES
  let slope = SLOPES[plane % HEADS];

  // unless: LEFT
  for (var k0 = 0u; k0 < seen; k0 += BC) {
  // when: LEFT
  for (var k0 = keysFrom(q0) / BC * BC; k0 < seen; k0 += BC) { // tiles before the first key that any row sees are left out
    workgroupBarrier();
    // phase: load K,V
    let keys = min(BC, NK - k0);
    let kv = (kvPlane(plane) * NK + k0) * CHUNKS;
    for (var e = thread; e < BC * CHUNKS; e += WG) {
      var k = Chunk();
      var v = Chunk();
      if (e < keys * CHUNKS) {
        k = K[kv + e];
        v = V[kv + e];
      }
      sK[e] = k;
      sV[e] = v;
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
      let sees = i < rows && k0 + j < keysSeen(q0 + i);
      // when: LEFT
      let sees = i < rows && k0 + j >= keysFrom(q0 + i) && k0 + j < keysSeen(q0 + i);
      sP[i * BC + j] = exp(select(MASKED, s[n] - sLD[i].x, sees));
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
    // phase: dQ += dSK
    for (var n = 0u; x + n * SIDE < CHUNKS; n++) {
      let c = x + n * SIDE;
      var a = dq[2u * n];
      var b = dq[2u * n + 1u];
      for (var i = 0u; i < BC; i++) {
        let k = sK[i * CHUNKS + c];
        a += sDS[y * BC + i] * k;
        b += sDS[(y + 1u) * BC + i] * k;
      }
      dq[2u * n] = a;
      dq[2u * n + 1u] = b;
    }
  }

  // phase: write dQ
  for (var n = 0u; x + n * SIDE < CHUNKS; n++) {
    for (var i = 0u; i < 2u && y + i < rows; i++) {
      dQ[(row + y + i) * CHUNKS + x + n * SIDE] = dq[2u * n + i] * SCALE;
    }
  }
}
