// Attention of one query row: the threads share the keys of a step, then the channels of O. Scores and weights of a step live in registers and workgroup
// memory only; two barriers a step. Where the keys are, and where O goes, is said by the file before this one.
var<workgroup> sS: array<f32, KEYS * WG>; // each thread's own, keys thread, thread + WG, ... of the step
var<workgroup> sP: array<f32, KEYS * WG>;
var<workgroup> sMost: array<f32, WG>; // largest score of each thread's keys
var<workgroup> sSum: array<f32, WG>; // sum of each thread's p
// when: SLOPES
var<private> own: f32; // the key of the row's own token: set by keysOf

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  // phase: load Q
  let block = group + origin;
  let keys = keysOf(block); // from x to before y; z says where their rows are found
  var q: array<Chunk, CHUNKS>; // the row, scaled before it is multiplied: scores stay in f32's range
  // unroll
  for (var c = 0u; c < CHUNKS; c++) {
    q[c] = Q[(block.z * NQ + block.x) * CHUNKS + c] * SCALE;
  }
  // when: SLOPES
  let slope = SLOPES[block.z % HEADS];
  var m = LEAST; // largest score so far
  var l = 0.0;
  var alpha = 1.0;
  var o: array<Chunk, OWN>; // chunks thread, thread + WG, ... of the row

  for (var k0 = keys.x; k0 < keys.y; k0 = stepEnd(k0, keys.y)) {
    // phase: S = QKᵀ
    let row = stepRow(block, keys.z, k0); // of K and V: the keys of a step lie in rows one after the other
    let last = stepEnd(k0, keys.y) - k0 - 1u;
    var most = LEAST;
    // unroll
    for (var n = 0u; n < KEYS; n++) {
      let j = thread + n * WG;
      let k = (row + min(j, last)) * CHUNKS; // past the last key it is read again, and not used
      var s = 0.0;
      // unroll
      for (var c = 0u; c < CHUNKS; c++) {
        s += inner(q[c], K[k + c]);
      }
      // when: SOFTCAP
      s = capped(s);
      // when: SLOPES
      s -= slope * abs(own - f32(k0 + j));
      s = select(HIDDEN, s, j <= last);
      sS[j] = s;
      most = max(most, s);
    }
    sMost[thread] = most;

    workgroupBarrier();
    // phase: softmax
    let mOld = m;
    // unroll
    for (var i = 0u; i < WG; i++) {
      m = max(m, sMost[i]);
    }
    alpha = exp(mOld - m);
    var sum = 0.0;
    // unroll
    for (var n = 0u; n < KEYS; n++) {
      let j = thread + n * WG;
      let p = exp(sS[j] - m);
      sum += p;
      sP[j] = p;
    }
    sSum[thread] = sum;

    workgroupBarrier();
    // phase: O += PV
    l *= alpha;
    // unroll
    for (var i = 0u; i < WG; i++) {
      l += sSum[i];
    }
    // unroll
    for (var x = 0u; x < OWN; x++) {
      o[x] *= alpha;
    }
    for (var j = 0u; j <= last; j++) {
      let p = sP[j];
      let v = (row + j) * CHUNKS;
      // unroll
      for (var x = 0u; x < OWN; x++) {
        o[x] += p * V[v + min(thread + x * WG, CHUNKS - 1u)];
      }
    }
  }

  // phase: write O
  // unroll
  for (var x = 0u; x < OWN; x++) {
    if (thread + x * WG < CHUNKS) {
      keepChunk(block, thread + x * WG, o[x], l);
    }
  }
  if (thread == 0u) {
    keepSums(block, m, l);
  }
}
