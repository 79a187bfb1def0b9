/** Prints the hashes of the Node that runs it, as JSON. The argument names the available registers. */
import type { Registers } from '../../src/engine/kernels/simd/registers';
import { allHashes } from './hashes';

process.stdout.write(JSON.stringify(allHashes(process.argv[2] as Registers | undefined)));
