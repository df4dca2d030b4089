// FlashAttention-2, forward: one workgroup keeps BR rows of Q and walks over K and V in tiles of BC rows; S and P live in
// workgroup memory only, one tile at a time, and O stays unnormalised until the end (Dao 2023, Algorithm 1).
@group(0) @binding(0) var<storage, read> Q: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(1) var<storage, read> K: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(2) var<storage, read> V: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(3) var<storage, read_write> O: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(4) var<storage, read_write> LSE: array<f32, PLANES * NQ>;

var<workgroup> sQ: array<Chunk, BR * CHUNKS>; // scaled before it is multiplied: scores stay in f32's range
var<workgroup> sK: array<Chunk, BC * CHUNKS>;
var<workgroup> sV: array<Chunk, BC * CHUNKS>;
var<workgroup> sS: array<f32, BR * BC>; // S, then P
var<workgroup> sM: array<f32, BR>; // largest score of the row so far
var<workgroup> sL: array<f32, BR>; // sum of exp(s - m) so far
var<workgroup> sAlpha: array<f32, BR>; // what the new m makes of older sums

fn score(s: f32, i: u32, j: u32) -> f32 {
  // unless: LEFT
  return select(MASKED, s, j < keysSeen(i)); // a masked score, so that its p becomes 0
  // when: LEFT
  return select(MASKED, select(MASKED, s, j >= keysFrom(i)), j < keysSeen(i)); // a masked score, so that its p becomes 0
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  // phase: load Q
  let block = group + origin;
  let plane = block.z;
  let q0 = block.x * BR;
  let rows = min(BR, NQ - q0);
  let seen = keysSeen(q0 + rows - 1u);
  for (var i = thread; i < BR * CHUNKS; i += WG) {
    var q = Chunk(); // rows past the last are zero
    if (i < rows * CHUNKS) {
      q = Q[(plane * NQ + q0) * CHUNKS + i] * SCALE;
    }
    sQ[i] = q;
  }
  for (var i = thread; i < BR; i += WG) {
    sM[i] = MASKED;
    sL[i] = 0.0;
  }
  // This thread's share: rows r .. r + 3, of S the keys first and first + SIDE, of O every SIDE-th chunk from `first` on.
  let r = thread / SIDE * 4u;
  let first = thread % SIDE;
  var acc: array<Chunk, 4u * OWN>;
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
    for (var i = thread; i < BC * CHUNKS; i += WG) {
      var k = Chunk();
      var v = Chunk();
      if (i < keys * CHUNKS) {
        k = K[kv + i];
        v = V[kv + i];
      }
      sK[i] = k;
      sV[i] = v;
    }

    workgroupBarrier();
    // phase: S = QKᵀ
    var a = vec4f(); // rows r .. r + 3 against key `first`
    var b = vec4f(); // and against key first + SIDE
    let q = r * CHUNKS;
    let k = first * CHUNKS;
    for (var c = 0u; c < CHUNKS; c++) {
      let ka = sK[k + c];
      let kb = sK[k + SIDE * CHUNKS + c];
      let x = sQ[q + c];
      a.x += inner(x, ka);
      b.x += inner(x, kb);
      let y = sQ[q + 1u * CHUNKS + c];
      a.y += inner(y, ka);
      b.y += inner(y, kb);
      let z = sQ[q + 2u * CHUNKS + c];
      a.z += inner(z, ka);
      b.z += inner(z, kb);
      let w = sQ[q + 3u * CHUNKS + c];
      a.w += inner(w, ka);
      b.w += inner(w, kb);
    }
    let i = q0 + r;
    let j = k0 + first;
    // when: SOFTCAP (2 lines)
    a = capped(a);
    b = capped(b);
    // when: SLOPES (3 lines)
    let own = ownKey(i) + vec4f(0.0, 1.0, 2.0, 3.0); // of rows r .. r + 3
    a -= slope * abs(own - f32(j));
    b -= slope * abs(own - f32(j + SIDE));
    sS[r * BC + first] = score(a.x, i, j);
    sS[(r + 1u) * BC + first] = score(a.y, i + 1u, j);
    sS[(r + 2u) * BC + first] = score(a.z, i + 2u, j);
    sS[(r + 3u) * BC + first] = score(a.w, i + 3u, j);
    sS[r * BC + first + SIDE] = score(b.x, i, j + SIDE);
    sS[(r + 1u) * BC + first + SIDE] = score(b.y, i + 1u, j + SIDE);
    sS[(r + 2u) * BC + first + SIDE] = score(b.z, i + 2u, j + SIDE);
    sS[(r + 3u) * BC + first + SIDE] = score(b.w, i + 3u, j + SIDE);

    workgroupBarrier();
    // phase: softmax
    for (var i = thread; i < BR; i += WG) {
      let mOld = sM[i];
      var m = mOld;
      for (var j = 0u; j < BC; j++) {
        m = max(m, sS[i * BC + j]);
      }
      let alpha = exp(mOld - m);
      var l = sL[i] * alpha;
      for (var j = 0u; j < BC; j++) {
        let s = sS[i * BC + j];
        let p = select(0.0, exp(s - m), s > MASKED);
        sS[i * BC + j] = p;
        l += p;
      }
      sM[i] = m;
      sL[i] = l;
      sAlpha[i] = alpha;
    }

    workgroupBarrier();
    // phase: O += PV
    for (var x = 0u; first + x * SIDE < CHUNKS; x++) {
      var o0 = acc[4u * x] * sAlpha[r];
      var o1 = acc[4u * x + 1u] * sAlpha[r + 1u];
      var o2 = acc[4u * x + 2u] * sAlpha[r + 2u];
      var o3 = acc[4u * x + 3u] * sAlpha[r + 3u];
      let p = r * BC;
      let c = first + x * SIDE;
      for (var j = 0u; j < BC; j++) {
        let v = sV[j * CHUNKS + c];
        o0 += sS[p + j] * v;
        o1 += sS[p + BC + j] * v;
        o2 += sS[p + 2u * BC + j] * v;
        o3 += sS[p + 3u * BC + j] * v;
      }
      acc[4u * x] = o0;
      acc[4u * x + 1u] = o1;
      acc[4u * x + 2u] = o2;
      acc[4u * x + 3u] = o3;
    }
  }

  workgroupBarrier();
  // phase: write O
  for (var x = 0u; first + x * SIDE < CHUNKS; x++) {
    for (var i = 0u; i < 4u && r + i < rows; i++) {
      let o = (plane * NQ + q0 + r + i) * CHUNKS + first + x * SIDE;
      O[o] = acc[4u * x + i] / divisor(sL[r + i]);
    }
  }
  for (var i = thread; i < rows; i += WG) {
    LSE[plane * NQ + q0 + i] = sM[i] + log(divisor(sL[i]));
  }
}
