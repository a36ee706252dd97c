/** Where a Creative Commons licence can be read, by its SPDX identifier; undefined for any other. */
export const licencePage = (licence: string): string | undefined => {
  if (licence === 'CC0-1.0') return 'https://creativecommons.org/publicdomain/zero/1.0/'
  const [, terms, version] = /^CC-(BY(?:-NC)?(?:-(?:SA|ND))?)-(\d\.\d)$/.exec(licence) ?? []
  return terms !== undefined && version !== undefined ? `https://creativecommons.org/licenses/${terms.toLowerCase()}/${version}/` : undefined
}
