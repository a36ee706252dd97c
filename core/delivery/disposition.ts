/** RFC 8187 §3.2.1: everything but `attr-char` is percent-encoded, which leaves no character that could end the parameter. */
const encoded = (name: string): string => encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

/** For readers from before RFC 6266: accents are dropped, whatever else is not plain becomes `_`, also `%`, which some of them would decode. */
const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9 ._()+,=@-]/gu, '_')

/**
 * `Content-Disposition` of what is to be saved and never shown (RFC 6266), under a name in any language. A name is no path:
 * slashes of either kind become `_`. Half a surrogate pair, which no store takes, becomes U+FFFD.
 */
export const attachment = (fileName: string | undefined): string => {
  if (fileName === undefined) return 'attachment'
  const name = fileName.toWellFormed().replace(/[\\/]/g, '_')
  return `attachment; filename="${plain(name)}"; filename*=UTF-8''${encoded(name)}`
}
