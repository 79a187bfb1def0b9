/** Prints the hashes of the Node that runs it, as JSON. Its argument names the registers that it has. */
import type { Registers } from '../../src/engine/kernels/simd/registers';
import { allHashes } from './hashes';

process.stdout.write(JSON.stringify(allHashes(process.argv[2] as Registers | undefined)));
