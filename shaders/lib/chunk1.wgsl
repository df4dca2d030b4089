// D is not divisible by 4: a row is read and written one number at a time.
alias Chunk = f32;
// The same chunk of four rows, a component each. chunk * four = the products with the four rows.
alias Four = vec4f;

fn inner(a: Chunk, b: Chunk) -> f32 {
  return a * b;
}

// p.x * v, p.y * v, p.z * v, p.w * v.
fn outer(p: vec4f, v: Chunk) -> Four {
  return p * v;
}
