/** Words of commander, which has them in English only: headings and remarks of its help, and its errors. */
import * as l10n from '@vscode/l10n';
import type { Command, HelpConfiguration, Option } from 'commander';

/** Sets the words of a program's help. Commands inherit them when they are added. */
export function setHelpWords(program: Command): void {
  program
    .configureHelp(help)
    .helpOption('-h, --help', l10n.t('display help for command'))
    .helpCommand('help [command]', l10n.t('display help for command'));
}

const help: HelpConfiguration = {
  styleTitle: heading,
  styleOptionText: (text) => (text === '[options]' ? l10n.t('[options]') : text),
  styleSubcommandText: commandPlaceholder,
  // `help [command]` in the list of commands.
  styleArgumentText: commandPlaceholder,
  optionDescription,
};

function commandPlaceholder(text: string): string {
  return text === '[command]' ? l10n.t('[command]') : text;
}

function heading(title: string): string {
  switch (title) {
    case 'Usage:':
      return l10n.t('Usage:');
    case 'Arguments:':
      return l10n.t('Arguments:');
    case 'Options:':
      return l10n.t('Options:');
    case 'Commands:':
      return l10n.t('Commands:');
    default:
      return title;
  }
}

/** Description of an option, with its choices and its default value. */
function optionDescription({ description, argChoices, defaultValue, required, optional }: Option): string {
  const extra: string[] = [];
  if (argChoices) {
    const choices = argChoices.map((choice) => JSON.stringify(choice)).join(', ');
    extra.push(l10n.t`choices: ${choices}`);
  }
  if (defaultValue !== undefined && (required || optional))
    extra.push(l10n.t`default: ${JSON.stringify(defaultValue)}`);
  return extra.length > 0 ? `${description} (${extra.join(', ')})` : description;
}

/** Errors of commander without `error: `, and their translations by the parts of the pattern. */
const errors: readonly [pattern: RegExp, inWords: (...parts: string[]) => string][] = [
  [/^unknown option '(.*)'$/s, (option) => l10n.t`unknown option '${option}'`],
  [/^unknown command '(.*)'$/s, (command) => l10n.t`unknown command '${command}'`],
  [/^missing required argument '(.*)'$/s, (argument) => l10n.t`missing required argument '${argument}'`],
  [/^option '(.*)' argument missing$/s, (option) => l10n.t`option '${option}' argument missing`],
  [/^required option '(.*)' not specified$/s, (option) => l10n.t`required option '${option}' not specified`],
  [
    /^option '(.*?)' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s,
    (option, value, choices) =>
      l10n.t`option '${option}' argument '${value}' is invalid. Allowed choices are ${choices}.`,
  ],
  // The reason is a sentence of this program.
  [
    /^option '(.*?)' argument '(.*)' is invalid\. (.*)$/s,
    (option, value, reason) => `${l10n.t`option '${option}' argument '${value}' is invalid.`} ${reason}`,
  ],
  [
    /^too many arguments for '(.*)'\. Expected 1 argument but got (\d+)\.$/s,
    (command, number) => l10n.t`too many arguments for '${command}'. Expected 1 argument but got ${number}.`,
  ],
  [
    /^too many arguments for '(.*)'\. Expected (\d+) arguments but got (\d+)\.$/s,
    (command, expected, number) =>
      l10n.t`too many arguments for '${command}'. Expected ${expected} arguments but got ${number}.`,
  ],
];

const errorParts = /^error: (.*?)(?:\n\(Did you mean (one of )?([^\n]*)\?\))?$/s;

/** An error of commander in the language of the program; unchanged if it is none of those that this program causes. */
export function errorInWords(text: string): string {
  const [, message, isOneOf, meant] = errorParts.exec(text) ?? [];
  for (const [pattern, inWords] of errors) {
    const found = message === undefined ? null : pattern.exec(message);
    if (found) return `error: ${inWords(...found.slice(1))}${suggestion(meant, isOneOf !== undefined)}`;
  }
  return text;
}

function suggestion(meant: string | undefined, isOneOf: boolean): string {
  if (meant === undefined) return '';
  return `\n${isOneOf ? l10n.t`(Did you mean one of ${meant}?)` : l10n.t`(Did you mean ${meant}?)`}`;
}
