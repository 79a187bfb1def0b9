/** Runs ONNX models with ONNX Runtime, which is installed on first use. */
import type { Context } from 'mocha';
import { loadScript } from './scripts';
import { skip } from './skip';

/** The part of onnxruntime-common that is used. */
interface OrtTensor {
  data: Float32Array;
  dims: readonly number[];
}
interface OrtSession {
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}
interface Ort {
  env: { wasm: { numThreads: number }; logLevel: string };
  Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OrtTensor;
  InferenceSession: { create(bytes: Uint8Array): Promise<OrtSession> };
}

/** Runs a model: the values of `output` for `input`. */
export type RunModel = (bytes: Uint8Array, input: Float32Array, shape: readonly number[]) => Promise<OrtTensor>;

/** Loads ONNX Runtime; skips the test if it cannot be installed. @param test `this` in the test. */
export async function onnxRuntime(test: Context): Promise<RunModel> {
  const { ensureOnnxRuntime } =
    await loadScript<typeof import('../../scripts/lib/onnxRuntime.mjs')>('lib/onnxRuntime.mjs');
  const url = await ensureOnnxRuntime().catch((error: Error) =>
    skip(test, `ONNX Runtime cannot be installed: ${error.message.trim().split('\n')[0]}`),
  );
  const ort = (await import(url)) as Ort;
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  return async (bytes, input, shape) => {
    const session = await ort.InferenceSession.create(bytes);
    try {
      const { output } = await session.run({ input: new ort.Tensor('float32', input, shape) });
      return output;
    } finally {
      await session.release();
    }
  };
}
