// ALiBi: a score loses its head's slope times the distance of its query's own key and the key. The last query's own key
// is the last one, whatever the mask; a row's own may lie before the first.
fn ownKey(i: u32) -> f32 {
  return f32(i + NK) - f32(NQ);
}
