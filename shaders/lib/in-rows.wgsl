// K and V in one piece: key k0 is row `first` + k0, and a step is BC keys.
fn stepRow(block: vec3u, first: u32, k0: u32) -> u32 {
  return first + k0;
}

fn stepEnd(k0: u32, end: u32) -> u32 {
  return min(k0 + BC, end);
}
