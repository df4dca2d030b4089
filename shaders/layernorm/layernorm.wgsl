// LayerNorm: every row of X by itself is brought to mean 0 and variance 1 over its D features, then scaled by gamma and
// shifted by beta (Ba et al. 2016). A workgroup takes BR rows, SIDE threads each; the threads of a row add up by halves
// in workgroup memory. X is read from HBM once and kept in registers, so that the variance is of deviations: rows far
// from zero lose no digits in x². What the first mean is off by, the deviations tell.
@group(0) @binding(0) var<storage, read> X: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(1) var<storage, read> Gamma: array<Chunk, CHUNKS>;
@group(0) @binding(2) var<storage, read> Beta: array<Chunk, CHUNKS>;
@group(0) @binding(3) var<storage, read_write> Y: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(4) var<storage, read_write> Mean: array<f32, PLANES * NQ>;
@group(0) @binding(5) var<storage, read_write> Rstd: array<f32, PLANES * NQ>; // 1 / sqrt(variance + EPS)

var<workgroup> sSum: array<f32, WG>; // of each thread's x, then of more and more threads
var<workgroup> sSquares: array<f32, WG>; // likewise of squared deviations
var<workgroup> sRest: array<f32, WG>; // and of the deviations themselves: what rounding left of a sum that should be 0

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  // phase: load X
  let block = group + origin;
  let lane = thread % SIDE; // among the threads of the row, whose chunks are lane, lane + SIDE, ...
  let i = block.x * BR + thread / SIDE;
  let inside = i < NQ;
  let row = block.z * NQ + i;
  var x: array<Chunk, OWN>;
  var sum = 0.0;
  for (var n = 0u; inside && lane + n * SIDE < CHUNKS; n++) {
    x[n] = X[row * CHUNKS + lane + n * SIDE];
    sum += inner(x[n], Chunk(1.0));
  }
  sSum[thread] = sum;

  for (var half = SIDE / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    // phase: mean
    if (lane < half) {
      sSum[thread] += sSum[thread + half];
    }
  }

  workgroupBarrier();
  // phase: deviations
  let about = sSum[thread - lane] / f32(D);
  var squares = 0.0;
  var rest = 0.0;
  for (var n = 0u; inside && lane + n * SIDE < CHUNKS; n++) {
    x[n] -= Chunk(about);
    squares += inner(x[n], x[n]);
    rest += inner(x[n], Chunk(1.0));
  }
  sSquares[thread] = squares;
  sRest[thread] = rest;

  for (var half = SIDE / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    // phase: variance
    if (lane < half) {
      sSquares[thread] += sSquares[thread + half];
      sRest[thread] += sRest[thread + half];
    }
  }

  workgroupBarrier();
  // phase: write Y
  let off = sRest[thread - lane] / f32(D);
  let variance = max(sSquares[thread - lane] / f32(D) - off * off, 0.0);
  let rstd = inverseSqrt(variance + EPS);
  for (var n = 0u; inside && lane + n * SIDE < CHUNKS; n++) {
    let c = lane + n * SIDE;
    Y[row * CHUNKS + c] = (x[n] - Chunk(off)) * rstd * Gamma[c] + Beta[c];
  }
  if (inside && lane == 0u) {
    Mean[row] = about + off;
    Rstd[row] = rstd;
  }
}
