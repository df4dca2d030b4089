// D is not divisible by 4: a row is read and written one number at a time.
alias Chunk = f32;

fn inner(a: Chunk, b: Chunk) -> f32 {
  return a * b;
}
