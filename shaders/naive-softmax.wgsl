// Standard attention, pass 2 of 3: P = softmax(S), one thread a row. S is read from HBM three times, P written once.
@group(0) @binding(0) var<storage, read> S: array<f32, PLANES * NQ * NK>;
@group(0) @binding(1) var<storage, read_write> P: array<f32, PLANES * NQ * NK>;
@group(0) @binding(2) var<storage, read_write> LSE: array<f32, PLANES * NQ>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  // phase: row max
  let block = group + origin;
  let i = block.x * WG + thread;
  let inside = i < NQ;
  let row = block.z * NQ + i;
  let seen = select(0u, keysSeen(i), inside);
  // when: LEFT
  let first = keysFrom(i);
  var m = MASKED;
  // unless: LEFT
  for (var j = 0u; j < seen; j++) {
  // when: LEFT
  for (var j = first; j < seen; j++) {
    m = max(m, S[row * NK + j]);
  }

  // phase: row sum
  var l = 0.0;
  // unless: LEFT
  for (var j = 0u; j < seen; j++) {
  // when: LEFT
  for (var j = first; j < seen; j++) {
    l += exp(S[row * NK + j] - m);
  }

  // phase: write P
  // unless: LEFT
  for (var j = 0u; j < seen; j++) {
  // when: LEFT
  for (var j = first; j < seen; j++) {
    P[row * NK + j] = exp(S[row * NK + j] - m) / l;
  }
  if (inside) {
    // unless: LEFT
    for (var j = seen; j < NK; j++) {
    // when: LEFT
    for (var n = 0u; n < NK - (seen - first); n++) {
      // when: LEFT
      let j = select(n + seen - first, n, n < first);
      P[row * NK + j] = 0.0;
    }
    LSE[row] = m + log(divisor(l));
  }
}
