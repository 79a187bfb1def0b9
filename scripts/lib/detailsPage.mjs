// @ts-check
/**
 * The README and the changelog on the extension's details page. VS Code shows pictures there only from `https:` addresses, so relative
 * links and pictures need the address of the repository.
 */

/** Parts of the README for people who have the repository. */
const repositoryParts = /<!-- only in the repository -->[\s\S]*?<!-- end -->\s*/g;

/** Pictures, and links whose text may contain brackets in backticks. */
const picture = /!\[[^\]]*\]\(([^)\s]+)[^)]*\)\s*/g;
const link = /(?<!!)\[((?:`[^`]*`|[^\]`])*)\]\(([^)\s]+)[^)]*\)/g;

/** Whether an address is relative to the repository. @param {string} address */
const isRelative = (address) => !/^(\w[\w+.-]*:|#)/.test(address);

/**
 * A page for the package.
 * @param {string} markdown
 * @param {boolean} hasAddress Whether the address of the repository is known. If not, the page gets no relative pictures, and the text of
 *   relative links.
 */
export function detailsPage(markdown, hasAddress) {
  const page = markdown.replace(repositoryParts, '');
  if (hasAddress) return page;
  // Fenced code stays as it is.
  return page
    .split(/^(```[\s\S]*?^```)/m)
    .map((part) =>
      part.startsWith('```')
        ? part
        : part
            .replace(picture, (whole, address) => (isRelative(address) ? '' : whole))
            .replace(link, (whole, text, address) => (isRelative(address) ? text : whole)),
    )
    .join('');
}

/**
 * Web address of a repository, without a slash at the end, from package.json's `repository`.
 * @param {string | { url?: string } | undefined} repository
 * @returns {string | undefined}
 */
export function webAddress(repository) {
  const url = typeof repository === 'object' ? repository.url : repository;
  if (!url) return undefined;
  return url
    .replace(/^git\+/, '')
    .replace(/^(?:github:)?([\w.-]+\/[\w.-]+)$/, 'https://github.com/$1')
    .replace(/^(?:ssh:\/\/)?git@([^/:]+)[:/]/, 'https://$1/')
    .replace(/(\.git)?\/?$/, '');
}
