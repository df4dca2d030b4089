// Backward, pass 1 of 3: D = rowsum(dO ∘ O), one thread a row (Dao 2023, Algorithm 2). L = LSE is copied beside it: the
// passes after this one need both, and a pass binds few buffers.
@group(0) @binding(0) var<storage, read> O: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(1) var<storage, read> dO: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(2) var<storage, read> LSE: array<f32, PLANES * NQ>;
@group(0) @binding(3) var<storage, read_write> LD: array<vec2f, PLANES * NQ>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  // phase: D = rowsum(dO O)
  let block = group + origin;
  let i = block.x * WG + thread;
  if (i < NQ) {
    let row = block.z * NQ + i;
    var d = 0.0;
    for (var c = 0u; c < CHUNKS; c++) {
      d += inner(dO[row * CHUNKS + c], O[row * CHUNKS + c]);
    }
    LD[row] = vec2f(LSE[row], d);
  }
}
