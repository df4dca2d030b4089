// Where the online softmax of a row begins, and how it ends.
// The row's largest score begins below any score, and far above a hidden one, so that a hidden key's p is 0 in a row that saw nothing yet, too.
const LEAST: f32 = -2e30;
const HIDDEN: f32 = -1e31;

// The logarithm of a row's sum of exponentials, from its largest score and its sum; a row that saw nothing has none.
fn logSum(m: f32, l: f32) -> f32 {
  return select(m + log(l), MASKED, l == 0.0);
}
