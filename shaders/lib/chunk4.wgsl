// D is divisible by 4: a row is read and written four numbers at a time.
alias Chunk = vec4f;
// The same chunk of four rows, a column each. chunk * four = the inner products with the four rows.
alias Four = mat4x4f;

fn inner(a: Chunk, b: Chunk) -> f32 {
  return dot(a, b);
}

// p.x * v, p.y * v, p.z * v, p.w * v.
fn outer(p: vec4f, v: Chunk) -> Four {
  return Four(p.x * v, p.y * v, p.z * v, p.w * v);
}
