// FlashAttention-2 without barriers ("lane-row"): each lane owns ROWS query rows with their Q and O in registers; the lanes of a quad read a row of K or V
// together, a chunk each, and hand the chunks round. Nothing is shared but that, so no lane waits. Marked loops run written out, with constant indices.
@group(0) @binding(0) var<storage, read> Q: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(1) var<storage, read> K: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(2) var<storage, read> V: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(3) var<storage, read_write> O: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(4) var<storage, read_write> LSE: array<f32, PLANES * NQ>;

// when: CAUSAL
const CUT: bool = CAUSAL || NK % BC != 0u; // whether any step has keys that a row does not see

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_invocation_id) id: u32,
) {
  // phase: load Q
  let block = group + origin;
  let plane = block.z;
  let kv = kvPlane(plane) * NK;
  let q0 = block.x * BR;
  let lane = id % 4u; // in the quad
  let clear = keysSeen(q0); // keys that every row of the block sees
  let seen = keysSeen(min(q0 + BR, NQ) - 1u); // that any of them sees
  // when: LEFT
  let whole = keysFrom(min(q0 + BR, NQ) - 1u); // the first of the keys that every row sees
  // when: SLOPES
  let slope = SLOPES[plane % HEADS];
  var q: array<array<Chunk, CHUNKS>, ROWS>; // rows q0 + thread + r LANES, scaled
  var o: array<array<Chunk, CHUNKS>, ROWS>;
  var m: array<f32, ROWS>; // largest score so far
  var l: array<f32, ROWS>;
  for (var r = 0u; r < ROWS; r++) {
    m[r] = LEAST;
    let row = q0 + thread + r * LANES;
    if (row < NQ) {
      for (var c = 0u; c < CHUNKS; c++) {
        q[r][c] = Q[(plane * NQ + row) * CHUNKS + c] * SCALE;
      }
    }
  }

  // unless: LEFT
  for (var k0 = 0u; k0 < seen; k0 += BC) {
  // when: LEFT
  for (var k0 = keysFrom(q0) / BC * BC; k0 < seen; k0 += BC) { // steps before the first key that any row sees are left out
    // phase: S = QKᵀ
    var at: array<u32, BC>; // where the rows of K and V begin; past the last row it is read again, and not used
    // unroll
    for (var j = 0u; j < BC; j++) {
      at[j] = (kv + min(k0 + j, NK - 1u)) * CHUNKS;
    }
    var s = array<array<f32, BC>, ROWS>(); // S, then P; zeros written out, for not every browser clears what a loop declares again
    // unroll
    for (var g = 0u; g < CHUNKS; g += 4u) {
      let mine = min(g + lane, CHUNKS - 1u); // this lane's chunk of the four; past the last chunk likewise
      var k: array<array<Chunk, 4>, BC>;
      // unroll
      for (var j = 0u; j < BC; j++) {
        k[j] = ofQuad(K[at[j] + mine]);
      }
      // unroll
      for (var c = g; c < min(g + 4u, CHUNKS); c++) {
        // unroll
        for (var r = 0u; r < ROWS; r++) {
          let x = q[r][c];
          // unroll
          for (var j = 0u; j < BC; j++) {
            s[r][j] += inner(x, k[j][c - g]);
          }
        }
      }
    }
    // when: SOFTCAP (7 lines)
    // unroll
    for (var r = 0u; r < ROWS; r++) {
      // unroll
      for (var j = 0u; j < BC; j++) {
        s[r][j] = capped(s[r][j]);
      }
    }
    // when: SLOPES (8 lines)
    // unroll
    for (var r = 0u; r < ROWS; r++) {
      let own = ownKey(q0 + thread + r * LANES);
      // unroll
      for (var j = 0u; j < BC; j++) {
        s[r][j] -= slope * abs(own - f32(k0 + j));
      }
    }
    // when: CAUSAL
    if (CUT && k0 + BC > clear) { // the diagonal or the end cuts through these keys
    // when: TOP_LEFT
    if (k0 + BC > clear) { // the diagonal or the end cuts through these keys
    // when: PREFIX
    if (k0 + BC > clear) { // the diagonal or the end cuts through these keys
    // when: LEFT
    if (k0 < whole || k0 + BC > clear) { // an edge of the window cuts through these keys
      // unroll
      for (var r = 0u; r < ROWS; r++) {
        // when: LEFT
        let first = keysFrom(q0 + thread + r * LANES);
        let last = keysSeen(q0 + thread + r * LANES);
        // unroll
        for (var j = 0u; j < BC; j++) {
          s[r][j] = select(HIDDEN, s[r][j], k0 + j < last);
          // when: LEFT
          s[r][j] = select(HIDDEN, s[r][j], k0 + j >= first); // no &&, which is a branch: there are many of them here
        }
      }
    }

    // phase: softmax
    var alpha: array<f32, ROWS>;
    // unroll
    for (var r = 0u; r < ROWS; r++) {
      var most = m[r];
      // unroll
      for (var j = 0u; j < BC; j++) {
        most = max(most, s[r][j]);
      }
      alpha[r] = exp(m[r] - most);
      m[r] = most;
      var sum = 0.0;
      // unroll
      for (var j = 0u; j < BC; j++) {
        s[r][j] = exp(s[r][j] - most);
        sum += s[r][j];
      }
      l[r] = l[r] * alpha[r] + sum;
    }

    // phase: O += PV
    // unroll
    for (var g = 0u; g < CHUNKS; g += 4u) {
      let mine = min(g + lane, CHUNKS - 1u);
      var v: array<array<Chunk, 4>, BC>;
      // unroll
      for (var j = 0u; j < BC; j++) {
        v[j] = ofQuad(V[at[j] + mine]);
      }
      // unroll
      for (var c = g; c < min(g + 4u, CHUNKS); c++) {
        // unroll
        for (var r = 0u; r < ROWS; r++) {
          var x = o[r][c] * alpha[r];
          // unroll
          for (var j = 0u; j < BC; j++) {
            x += s[r][j] * v[j][c - g];
          }
          o[r][c] = x;
        }
      }
    }
  }

  // phase: write O
  for (var r = 0u; r < ROWS; r++) {
    let row = q0 + thread + r * LANES;
    if (row < NQ) {
      for (var c = 0u; c < CHUNKS; c++) {
        O[(plane * NQ + row) * CHUNKS + c] = o[r][c] / divisor(l[r]);
      }
      LSE[plane * NQ + row] = logSum(m[r], l[r]);
    }
  }
}
