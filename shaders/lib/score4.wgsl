// Scores are capped four at a time.
alias Score = vec4f;
