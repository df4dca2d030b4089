// Scores are capped one at a time.
alias Score = f32;
