/** Sets the body class that VS Code would set for its theme from the browser's preferences: light or dark, and contrast. */

const queries = {
  // not translated: a media query
  dark: '(prefers-color-scheme: dark)',
  // not translated: a media query
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
