// Generated from ../shared.ts by `npm run generate`.

export const enum ActivationKind {
  linear,
  relu,
  leakyRelu,
  sigmoid,
  tanh,
  gelu,
}

export const enum Deviation {
  squares,
  absolute,
  squaresFromZero,
}

export const groupBytes: i32 = 32;
export const blockRows: i32 = 96;
export const blockDepth: i32 = 256;
export const lowestBits: i32 = 428;
export const sideBins: i32 = 136;
export const mantissaShift: i32 = 21;
export const infinityBits: i32 = 1020;
