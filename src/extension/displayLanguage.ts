/** Sets the language of the extension to that of the editor when it is imported. It is the first import of `extension.ts`. */
import * as vscode from 'vscode';
import { useTranslation } from '../runs/language';

const { bundle, uri } = vscode.l10n;
if (bundle && uri) useTranslation(uri.fsPath, bundle);
