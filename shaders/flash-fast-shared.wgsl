// FlashAttention-2 for GPUs: K and V come from workgroup memory, two barriers a tile, and every thread keeps 4 x 4 of S and its share of O in registers,
// so that a number loaded is used four times or more. Marked loops run written out, with constant indices.
@group(0) @binding(0) var<storage, read> Q: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(1) var<storage, read> K: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(2) var<storage, read> V: array<Chunk, KV_PLANES * NK * CHUNKS>;
@group(0) @binding(3) var<storage, read_write> O: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(4) var<storage, read_write> LSE: array<f32, PLANES * NQ>;

const PITCH = CHUNKS + 1u; // rows one chunk apart more than they are long: neighbours lie in different banks
var<workgroup> sQ: array<Chunk, BR * PITCH>; // scaled
var<workgroup> sK: array<Chunk, BC * PITCH>;
var<workgroup> sV: array<Chunk, BC * CHUNKS>;
var<workgroup> sP: array<vec4f, BR * SIDE>; // [row][x]: keys x, x + SIDE, ... of the tile
var<workgroup> sMax: array<vec4f, WG>; // each thread's largest scores of its four rows
var<workgroup> sSum: array<vec4f, WG>; // and its sums of p

// The tile of K that begins at row k0, in rows of PITCH; zeros past the last key.
fn loadK(kv: u32, k0: u32, thread: u32) {
  for (var i = thread; i < BC * CHUNKS; i += WG) {
    var k = Chunk();
    if (k0 + i / CHUNKS < NK) {
      k = K[(kv + k0) * CHUNKS + i];
    }
    sK[i / CHUNKS * PITCH + i % CHUNKS] = k;
  }
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  // phase: load Q,K
  let block = group + origin;
  let plane = block.z;
  let kv = kvPlane(plane) * NK;
  let q0 = block.x * BR;
  let clear = keysSeen(q0); // keys that every row of the block sees
  let seen = keysSeen(min(q0 + BR, NQ) - 1u); // that any of them sees
  for (var i = thread; i < BR * CHUNKS; i += WG) {
    var q = Chunk();
    if (q0 + i / CHUNKS < NQ) {
      q = Q[(plane * NQ + q0) * CHUNKS + i] * SCALE;
    }
    sQ[i / CHUNKS * PITCH + i % CHUNKS] = q;
  }
  // unless: LEFT
  loadK(kv, 0u, thread);
  // when: LEFT
  loadK(kv, keysFrom(q0) / BC * BC, thread);
  // This thread's rows are y + r ROWS_APART, its keys x + i SIDE, its chunks of O x + n SIDE.
  let x = thread % SIDE;
  let y = thread / SIDE;
  // when: SLOPES
  let slope = SLOPES[plane % HEADS];

  workgroupBarrier();
  // phase: m, l, O begin
  var m = vec4f(LEAST); // largest scores of the four rows so far
  var l = vec4f();
  var alpha = vec4f();
  var o: array<array<Chunk, OWN>, 4>;

  // unless: LEFT
  for (var k0 = 0u; k0 < seen; k0 += BC) {
  // when: LEFT
  for (var k0 = keysFrom(q0) / BC * BC; k0 < seen; k0 += BC) { // tiles before the first key that any row sees are left out
    // phase: S = QKᵀ
    var s = array<vec4f, 4>(); // zeros said, for not every browser clears what a loop declares again
    for (var c = 0u; c < CHUNKS; c++) {
      var k: array<Chunk, 4>;
      // unroll
      for (var i = 0u; i < 4u; i++) {
        k[i] = sK[(x + i * SIDE) * PITCH + c];
      }
      // unroll
      for (var r = 0u; r < 4u; r++) {
        let q = sQ[(y + r * ROWS_APART) * PITCH + c];
        s[r] += vec4f(inner(q, k[0]), inner(q, k[1]), inner(q, k[2]), inner(q, k[3]));
      }
    }
    // when: SOFTCAP (4 lines)
    // unroll
    for (var r = 0u; r < 4u; r++) {
      s[r] = capped(s[r]);
    }
    // when: SLOPES (4 lines)
    // unroll
    for (var r = 0u; r < 4u; r++) {
      s[r] -= slope * abs(ownKey(q0 + y + r * ROWS_APART) - vec4f(k0 + x + vec4u(0u, 1u, 2u, 3u) * SIDE));
    }
    // unless: LEFT
    if (k0 + BC > clear) { // the diagonal or the end cuts through this tile
    // when: LEFT
    if (k0 < keysFrom(min(q0 + BR, NQ) - 1u) || k0 + BC > clear) { // an edge of the window cuts through this tile
      // unroll
      for (var r = 0u; r < 4u; r++) {
        let seeing = k0 + x + vec4u(0u, 1u, 2u, 3u) * SIDE < vec4u(keysSeen(q0 + y + r * ROWS_APART));
        s[r] = select(vec4f(HIDDEN), s[r], seeing);
        // when: LEFT
        s[r] = select(vec4f(HIDDEN), s[r], k0 + x + vec4u(0u, 1u, 2u, 3u) * SIDE >= vec4u(keysFrom(q0 + y + r * ROWS_APART)));
      }
    }
    let t4 = transpose(mat4x4f(s[0], s[1], s[2], s[3]));
    sMax[thread] = max(max(t4[0], t4[1]), max(t4[2], t4[3]));

    workgroupBarrier();
    // phase: softmax
    alpha = m;
    for (var t = 0u; t < SIDE; t++) {
      m = max(m, sMax[y * SIDE + t]);
    }
    alpha = exp(alpha - m);
    var sum = vec4f();
    // unroll
    for (var r = 0u; r < 4u; r++) {
      let p = exp(s[r] - m[r]);
      sP[(y + r * ROWS_APART) * SIDE + x] = p;
      sum[r] = p.x + p.y + p.z + p.w;
    }
    sSum[thread] = sum;

    // phase: load V, next K
    for (var i = thread; i < BC * CHUNKS; i += WG) {
      var v = Chunk();
      if (k0 + i / CHUNKS < NK) {
        v = V[(kv + k0) * CHUNKS + i];
      }
      sV[i] = v;
    }
    if (k0 + BC < seen) {
      loadK(kv, k0 + BC, thread);
    }

    workgroupBarrier();
    // phase: O += PV
    l *= alpha;
    for (var t = 0u; t < SIDE; t++) {
      l += sSum[y * SIDE + t];
    }
    // unroll
    for (var n = 0u; n < OWN; n++) {
      let c = min(x + n * SIDE, CHUNKS - 1u);
      var a = array<Chunk, 4>(o[0][n] * alpha.x, o[1][n] * alpha.y, o[2][n] * alpha.z, o[3][n] * alpha.w);
      for (var t = 0u; t < SIDE; t++) {
        let v = sV[t * CHUNKS + c];
        let w = sV[(t + SIDE) * CHUNKS + c];
        let g = sV[(t + 2u * SIDE) * CHUNKS + c];
        let h = sV[(t + 3u * SIDE) * CHUNKS + c];
        // unroll
        for (var r = 0u; r < 4u; r++) {
          let p = sP[(y + r * ROWS_APART) * SIDE + t];
          a[r] += p.x * v + p.y * w + p.z * g + p.w * h;
        }
      }
      // unroll
      for (var r = 0u; r < 4u; r++) {
        o[r][n] = a[r];
      }
    }
  }

  // phase: write O
  for (var r = 0u; r < 4u; r++) {
    let row = q0 + y + r * ROWS_APART;
    if (row < NQ) {
      for (var n = 0u; x + n * SIDE < CHUNKS; n++) {
        O[(plane * NQ + row) * CHUNKS + x + n * SIDE] = o[r][n] / divisor(l[r]);
      }
      if (x == 0u) {
        LSE[plane * NQ + row] = logSum(m[r], l[r]);
      }
    }
  }
}
