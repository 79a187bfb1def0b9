/** What the editor says of its theme by a class of the body, as the browser's preferences say it: light or dark, and the contrast. */

const queries = {
  dark: '(prefers-color-scheme: dark)',
  contrast: '(prefers-contrast: more), (forced-colors: active)',
};

export function followTheme(): void {
  const dark = matchMedia(queries.dark);
  const contrast = matchMedia(queries.contrast);
  const follow = () => {
    const kinds = contrast.matches
      ? dark.matches
        ? ['vscode-high-contrast']
        : ['vscode-high-contrast-light', 'vscode-high-contrast']
      : [dark.matches ? 'vscode-dark' : 'vscode-light'];
    document.body.className = ['replay', ...kinds].join(' ');
  };
  for (const query of [dark, contrast]) query.addEventListener('change', follow);
  follow();
}
