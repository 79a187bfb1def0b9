/** First file of `bnexp`: turns on Node's cache of compiled code (Node 22.1 and newer), and loads the program. */
import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

(nodeModule as { enableCompileCache?: () => void }).enableCompileCache?.();
// Not bundled with this file, which is compiled before the cache is on.
void import(pathToFileURL(join(__dirname, 'commandLine.mjs')).href);
