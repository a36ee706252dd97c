import type { Row } from '../../homes/aws/wiring.ts'
import { doorProgram } from './door.ts'

type Rewriting = {
  behaviours: readonly Row[]
  mediaHost: string | undefined
  /** The school has a host of its own: the distribution's is nobody's way in. */
  hasDomain: boolean
  /** SHA-256 of what the proxy before it shows, in hex; undefined where there is none. */
  proxyDigest: string | undefined
}

/** The rows that are rewritten, as the function needs them: in order, since the first that matches decides. */
const rowsOf = (behaviours: readonly Row[]) => behaviours.map(({ pattern, origin, lookup, isSigned }) => ({ pattern, origin, lookup, isSigned }))

/**
 * The program that runs at the edge before a request is looked up (cloudfront-js-2.0, at most 10 KB): it turns addresses of pages into
 * keys of the store, by the same table the machine's edge reads. What no browser sends is refused as it is there.
 */
export const rewriting = ({
  behaviours,
  mediaHost,
  hasDomain,
  proxyDigest,
}: Rewriting): string => `${doorProgram({ digest: proxyDigest, mediaHost })}var ROWS = ${JSON.stringify(rowsOf(behaviours))};
var MEDIA_HOST = ${JSON.stringify(mediaHost ?? null)};
var HAS_DOMAIN = ${hasDomain};
var STATUS = { 400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found' };
function matches(pattern, path) {
  if (pattern.indexOf('*') < 0) return pattern === path;
  // Every pattern with a star has it at its end.
  return path.indexOf(pattern.slice(0, -1)) === 0;
}
function rowOf(path) {
  for (var i = 0; i < ROWS.length; i += 1) if (matches(ROWS[i].pattern, path)) return ROWS[i];
  return null;
}
function refuse(status, text) {
  return {
    statusCode: status,
    statusDescription: STATUS[status],
    headers: { 'content-type': { value: 'text/plain; charset=utf-8' }, 'cache-control': { value: 'no-store' } },
    body: { encoding: 'text', data: text },
  };
}
function isHostile(path) {
  return /\\/\\/|\\\\|;|%(2e|2f|5c|00|25)|[^\\x21-\\x7e]|\\/\\.\\.?(\\/|$)/i.test(path);
}
function handler(event) {
  var request = event.request;
  var path = request.uri;
  var host = request.headers.host ? request.headers.host.value : '';
  if (!passes(request, host) || (HAS_DOMAIN && /\\.cloudfront\\.net$/i.test(host))) return refuse(403, 'The school is not reached this way.');
  var row = rowOf(path);
  if (MEDIA_HOST !== null && host === MEDIA_HOST && !(row && row.isSigned)) return refuse(404, 'There is no such file.');
  if (row === null || row.isSigned || row.origin === 'app') return request;
  if (isHostile(path)) return refuse(400, 'That is no address of this school.');
  if (row.lookup === 'page') {
    var name = path.slice(row.pattern.length - 1);
    request.uri = /^[A-Za-z0-9._-]+$/.test(name) ? '/catalogue/pages/' + name + '.html' : '/site/index.html';
    return request;
  }
  if (row.lookup === 'place') {
    request.uri = /^(\\/[A-Za-z0-9._-]+)+$/.test(path) ? '/catalogue/pages' + path + '.html' : '/site/index.html';
    return request;
  }
  if (row.lookup === 'home' || row.lookup === 'root') {
    request.uri = row.lookup === 'home' ? '/catalogue/pages/_home.html' : '/catalogue' + path;
    return request;
  }
  if (row.origin !== 'site') return request;
  request.uri = row.lookup === 'shell' && !/\\.[^/]*$/.test(path) ? '/site/index.html' : '/site' + path;
  return request;
}
`
