// SOFTCAP * tanh(s / SOFTCAP): scores stay below SOFTCAP, and small ones as they are. WGSL promises little of its own
// tanh, so it is a polynomial below 0.625 (Cephes, tanhf) and a quotient of exponentials from there on.
fn capped(s: Score) -> Score {
  let a = min(abs(s) / SOFTCAP, Score(10.0)); // from 10 on tanh is 1
  let x = min(a, Score(0.625));
  let z = x * x;
  let series = (((-5.70498872745e-3 * z + 2.06390887954e-2) * z - 5.37397155531e-2) * z + 1.33314422036e-1) * z - 3.33332819422e-1;
  let e = exp(-2.0 * a);
  return SOFTCAP * sign(s) * select((1.0 - e) / (1.0 + e), series * z * x + x, a < Score(0.625));
}
