/** Prints the hashes of the Node that runs it, as JSON. */
import { allHashes } from './hashes';

process.stdout.write(JSON.stringify(allHashes()));
