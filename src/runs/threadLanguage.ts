/** Sets the language of a worker thread when it is imported. It is the first import of a thread's entry: see `language.ts`. */
import { useLanguageOfHost } from './language';

useLanguageOfHost();
