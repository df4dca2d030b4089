// D is divisible by 4: a row is read and written four numbers at a time.
alias Chunk = vec4f;

fn inner(a: Chunk, b: Chunk) -> f32 {
  return dot(a, b);
}
