/** Names of the built files of an exported run. The build reads them, too. */

export const replayFiles = ['replay.js', 'panel.js', 'replay.css', 'panel.css', 'codicon.ttf', 'replayNotices.txt'];

/**
 * The same files in the npm package: a JSON object of their contents, the font in base64, compressed with Brotli. It takes a seventh less
 * than the compression of the package.
 */
export const packedReplay = 'replay.br';
