// Flash-Decoding, pass 2 of 2: the parts of a row become one. Each part's O and l count as much as its m lets them: alpha = exp(m of the part - m).
@group(0) @binding(0) var<storage, read> OPart: array<Chunk, PLANES * NQ * PARTS * CHUNKS>;
@group(0) @binding(1) var<storage, read> ML: array<vec2f, PLANES * NQ * PARTS>;
@group(0) @binding(2) var<storage, read_write> O: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(3) var<storage, read_write> LSE: array<f32, PLANES * NQ>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  // phase: merge m, l
  let block = group + origin;
  let row = block.z * NQ + block.x;
  var m = LEAST;
  for (var i = 0u; i < PARTS; i++) {
    m = max(m, ML[row * PARTS + i].x);
  }
  var l = 0.0;
  var alpha: array<f32, PARTS>;
  for (var i = 0u; i < PARTS; i++) {
    let part = ML[row * PARTS + i];
    alpha[i] = exp(part.x - m);
    l += part.y * alpha[i];
  }

  // phase: merge O
  for (var c = thread; c < CHUNKS; c += WG) {
    let at = row * CHUNKS + c;
    var o = Chunk();
    for (var i = 0u; i < PARTS; i++) {
      o += alpha[i] * OPart[(row * PARTS + i) * CHUNKS + c];
    }
    O[at] = o / divisor(l);
  }
  if (thread == 0u) {
    LSE[row] = logSum(m, l);
  }
}
