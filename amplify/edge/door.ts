/** What homes/proxy-door.ts names it too; a test holds them to each other. */
export const PROXY_HEADER = 'x-lectern-proxy'

export type Door = {
  /** SHA-256 of the secret, in hex; undefined where nothing stands in front of the distribution. */
  digest: string | undefined
  /** The one host that learners reach past the proxy: what it serves is opened by signatures. */
  mediaHost: string | undefined
}

/**
 * The part of the edge's program (cloudfront-js-2.0) that lets in what came through the proxy: `passes(request, host)`. The
 * distribution's own name is closed like the school's. The header goes no further, and the template holds no secret.
 */
export const doorProgram = ({ digest, mediaHost }: Door): string => {
  if (digest === undefined) return 'function passes() {\n  return true;\n}\n'
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new Error('The digest of the proxy’s secret is to be 64 hexadecimal digits.')
  return `var crypto = require('crypto');
var DOOR = ${JSON.stringify({ digest, mediaHost: mediaHost ?? null })};
function passes(request, host) {
  var shown = request.headers['${PROXY_HEADER}'];
  delete request.headers['${PROXY_HEADER}'];
  if (DOOR.mediaHost !== null && host === DOOR.mediaHost) return true;
  if (!shown || shown.multiValue) return false;
  return crypto.createHash('sha256').update(shown.value).digest('hex') === DOOR.digest;
}
`
}
