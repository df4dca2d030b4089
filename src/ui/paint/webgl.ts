// Browsers keep about sixteen WebGL contexts alive and take the oldest away when one more is made: each is freed as
// soon as nobody draws with it.

/** Whether there is WebGL 2. Asked before three.js, which would write its own error to the console. */
export function hasWebGL(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}
