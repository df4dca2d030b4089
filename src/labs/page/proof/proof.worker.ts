// Lays a step's memory out and answers it in f64, away from the page's own thread: play must not wait for it.
import { layOut, type ProofPlan, type ReadSequence } from './layout';

addEventListener('message', ({ data }: MessageEvent<{ id: number; plan: ProofPlan; read: readonly ReadSequence[]; dim: number }>) => {
  const laid = layOut(data.plan, data.read, data.dim);
  const { paged, whole, want, f32 } = laid;
  const buffers = [paged.q, paged.kPool, paged.vPool, whole.kPool, whole.vPool, want.o, want.lse, f32.o, f32.lse].map(
    ({ buffer }) => buffer as ArrayBuffer,
  );
  postMessage({ id: data.id, laid }, { transfer: buffers });
});
