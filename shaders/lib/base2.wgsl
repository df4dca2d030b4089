// Scores times log2(e), so that exp(s) is one exp2: the factor is folded into Q, and the logarithm of l comes back at the end.
const LOG2E: f32 = 1.4426950408889634;

// Where a row's largest score begins: below any score, and far above a hidden one, so that a hidden key's p is 0 in a row that saw nothing yet, too.
const LEAST: f32 = -2e30;
const HIDDEN: f32 = -1e31;

// The logarithm of a row's sum of exponentials, from its base-2 maximum and its sum; a row that saw nothing has none.
fn logSum(m: f32, l: f32) -> f32 {
  return select(m / LOG2E + log(l), MASKED, l == 0.0);
}
