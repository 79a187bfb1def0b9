/** Entry of the worker thread in Node and in the extension host: sets the language before it loads what contains words. */
import { useLanguageOfHost } from '../language';

useLanguageOfHost();
void import('./trainingThread');
