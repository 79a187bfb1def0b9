/** Compression in deflate's format (RFC 1951), without a header. A host may have a faster implementation than the one in JavaScript. */
import { deflateSync } from 'fflate';

export type Deflate = (bytes: Uint8Array) => Uint8Array;

export const deflateAnywhere: Deflate = (bytes) => deflateSync(bytes, { level: 6 });
