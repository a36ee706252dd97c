const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))

/** SHA-256 in base64; undefined on a page that is no secure context: a school on a bare address without TLS is still served. */
export const hashOf = async (part: Blob): Promise<string | undefined> => {
  if (!globalThis.isSecureContext) return undefined
  return base64(new Uint8Array(await crypto.subtle.digest('SHA-256', await part.arrayBuffer())))
}
