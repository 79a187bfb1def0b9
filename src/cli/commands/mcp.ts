/** `bnexp mcp`: a server of tools for language models. */
import * as l10n from '@vscode/l10n';
import type { Command } from 'commander';
import type { McpOptions } from '../actions/mcp';
import type { Context } from '../context';

export function addMcp(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('mcp')
    .summary(l10n.t('serve tools for language models on standard input and output (Model Context Protocol)'))
    .description(
      l10n.t(`Serves three tools to an assistant that starts it: validate_experiment, run_experiment and explain_run. They read and write
only inside one folder. Before a run, the assistant asks you to confirm.`),
    )
    .argument('[folder]', l10n.t('folder of the experiments (default: the current folder)'))
    .option('--yes', l10n.t('run experiments without confirmation'))
    .addHelpText(
      'after',
      l10n.t(`
Messages of the protocol are on standard input and output. The server ends when its input ends; a run that is training then
stops, and its results so far are saved.

Example of an assistant's configuration:
  { "mcpServers": { "batchnorm-lab": { "command": "bnexp", "args": ["mcp", "/path/to/experiments"] } } }`),
    )
    .action(async (folder: string | undefined, options: McpOptions) => {
      const { mcp } = await import('../actions/mcp');
      finish(await mcp(folder, options, context));
    });
}
