// Browsers keep about sixteen WebGL contexts and drop the oldest when another is made. So a context is freed as soon as
// it is no longer needed.

/** Whether there is WebGL 2. Checked before three.js starts, which would write its own error to the console. */
export function hasWebGL(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}
