import { openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { basename } from 'node:path'
import { type Behaviour, behaviourIn, behavioursOf, isPage, READ_METHODS } from '#core/delivery/behaviours.ts'
import { attachment } from '#core/delivery/disposition.ts'
import { type Sites, transportHeaders } from '#core/delivery/headers.ts'
import type { Clock } from '#ports/clock.ts'
import type { Keys } from '#ports/keys.ts'
import type { ObjectMeta } from '#ports/objects.ts'
import { type CallerOf, peerOf } from '../proxies.ts'
import type { Admission, Admits } from './admission.ts'
import { cloudFrontOf } from './cloudfront.ts'
import { compressor, encodingFor, isText } from './compression.ts'
import { hasCode } from './error-code.ts'
import type { MachineObjects } from './objects.ts'
import { deny, refuseAsXml } from './refusing.ts'
import { cutWhenStalled, handOver, plan, sendBytes, sendFile } from './serve.ts'
import { type SiteFile, siteFiles } from './site.ts'

type EdgeOptions = {
  objects: Pick<MachineObjects, 'locate'>
  settings: Sites
  keys: Keys
  clock: Clock
  admission: Admission
  /** The built web app: its index.html answers whatever nothing else does. */
  webRoot: string
  /** After how long an answer that makes no progress is cut, where not after the usual time. */
  stalledMs?: number | undefined
  callerOf?: CallerOf
  /** Where the server in front keeps the store's files for itself, `/lectern-blobs/`: it sends what is behind the lock, once the school has looked. */
  accelPlace?: string | undefined
}

/** Whatever the answer is: a player has to see that it was refused. */
const shareWith = (response: ServerResponse, origin: string): void => {
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-allow-credentials', 'true')
}

/** Answers false for what it leaves to the program. */
export type Edge = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

type Exchange = { request: IncomingMessage; response: ServerResponse; path: string; behaviour: Behaviour }

/** Texts of objects up to this size are sent compressed. */
const MOST_COMPRESSED_BYTES = 8 * 1024 * 1024

/** An object's key as it may stand in a path: nothing encoded, nothing empty, no way up. */
const KEY = /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/
const plainKey = (text: string): string | undefined =>
  text.length <= 1024 && KEY.test(text) && !text.split('/').some((name) => name === '.' || name === '..') ? text : undefined

/** Of a page that has been published: its object below `catalogue/pages/`. */
const pageName = ({ behaviour: { lookup, pattern }, path }: Exchange): string | undefined => {
  if (lookup === 'home') return '_home'
  if (lookup === 'place') return plainKey(path.slice(1))
  const name = plainKey(path.slice(pattern.length - 1))
  return name?.includes('/') ? undefined : name
}

/** What no browser sends of itself: empty and dot segments however spelled, backslashes, parameters of segments, NUL. */
const isHostile = (path: string): boolean => /\/\/|\\|;|%(2e|2f|5c|00|25)|[^\x21-\x7e]|\/\.\.?(\/|$)/i.test(path)

const refuseAsText = ({ response, behaviour }: Exchange, status: number, message: string, more: OutgoingHttpHeaders = {}): void => {
  const headers = {
    ...behaviour.headers,
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(message),
    'cache-control': 'no-store',
    ...more,
  }
  response.writeHead(status, headers).end(message)
}

type Stored = Pick<ObjectMeta, 'type' | 'cacheControl' | 'fileName'>

const headersOf = ({ headers, cacheControl }: Behaviour, { type, cacheControl: stored, fileName }: Stored): OutgoingHttpHeaders => ({
  ...headers,
  ...(cacheControl && { 'cache-control': cacheControl.precedence === 'stored' ? (stored ?? cacheControl.value) : cacheControl.value }),
  ...(fileName !== undefined && { 'content-disposition': attachment(fileName) }),
  ...(isText(type) && { vary: 'Accept-Encoding' }),
})

const unlessGone = async <T>(look: () => T | Promise<T>): Promise<T | undefined> => {
  try {
    return await look()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** A file is one download, however fast. */
const always: Admits = async () => true

type Stock = { objects: EdgeOptions['objects']; compress: ReturnType<typeof compressor>; admits?: Admits; accelPlace?: EdgeOptions['accelPlace'] }

/** Sends an object from the store; false when there is none. */
const sendObject = async (exchange: Exchange, key: string, { objects, compress, admits, accelPlace }: Stock): Promise<boolean> => {
  const { request, response, behaviour } = exchange
  // An object may be replaced between finding its file and opening it; then it is looked up anew.
  for (let tries = 0; tries < 5; tries += 1) {
    const found = objects.locate(key)
    if (!found) return false
    const headers = headersOf(behaviour, found)
    const planned = plan(request, { ...found, headers })
    if (planned.bytes && admits && !(await admits(planned.bytes, found.size))) return true
    if (accelPlace !== undefined && planned.status < 300) {
      // The file's random name, and nothing that a viewer has sent.
      handOver(response, planned, `${accelPlace}${basename(found.path)}`)
      return true
    }
    // Media are compressed already, and their playlists are short.
    const encoding = behaviour.isSigned || found.size > MOST_COMPRESSED_BYTES ? undefined : encodingFor(request.headers, found.type, found.size)
    if (encoding) {
      const bytes = await unlessGone(() => compress(found.etag, encoding, () => readFile(found.path)))
      if (!bytes) continue
      const encoded = { size: bytes.length, type: found.type, etag: `${found.etag}-${encoding}`, headers: { ...headers, 'content-encoding': encoding } }
      sendBytes(response, plan(request, encoded), bytes)
      return true
    }
    const file = await unlessGone(() => openSync(found.path, 'r'))
    if (file === undefined) continue
    await sendFile(response, planned, file)
    return true
  }
  throw new Error(`The file of ${key} is gone.`)
}

const sendSiteFile = async ({ request, response, behaviour }: Exchange, file: SiteFile, compress: ReturnType<typeof compressor>): Promise<void> => {
  const headers = headersOf(behaviour, file)
  const encoding = encodingFor(request.headers, file.type, file.bytes.length)
  if (!encoding) return sendBytes(response, plan(request, { ...file, size: file.bytes.length, headers }), file.bytes)
  const bytes = await compress(file.etag, encoding, async () => file.bytes)
  const encoded = { size: bytes.length, type: file.type, etag: `${file.etag}-${encoding}`, headers: { ...headers, 'content-encoding': encoding } }
  sendBytes(response, plan(request, encoded), bytes)
}

/** Media by cookies, for as long as their stream runs; files by a URL alone. */
const behindLock = (
  { objects, settings, keys, clock, admission, callerOf = peerOf, accelPlace }: EdgeOptions,
  compress: Stock['compress'],
): ((exchange: Exchange) => Promise<void>) => {
  const refusalOf = cloudFrontOf(keys)
  return async (exchange) => {
    const { request, response, path, behaviour } = exchange
    const isFile = behaviour.origin === 'files'
    const cookies = isFile ? undefined : request.headers.cookie
    const viewer = { url: `${settings.mediaUrl}${request.url}`, cookies, address: callerOf(request), now: clock.now() }
    const refusal = await refusalOf(viewer)
    if (refusal) return deny(response, refusal)
    const key = plainKey(path.slice(1))
    if (!key?.startsWith(`${behaviour.origin}/`)) return deny(response)
    const admits = isFile ? always : await admission(request, response, key)
    // What is not there is refused like what is not allowed, as S3 does for a reader who may not list the bucket.
    if (admits && !(await sendObject(exchange, key, { objects, compress, admits, accelPlace }))) deny(response)
  }
}

/**
 * The machine's CloudFront: serves media, catalogue, course pages and the web app by the table of behaviours, and answers
 * false for what the program itself must answer. Paths are matched and signatures checked as they were sent, never
 * decoded or normalised.
 */
export const edge = (options: EdgeOptions): Edge => {
  const { objects, webRoot, stalledMs, settings } = options
  const table = behavioursOf(settings)
  // Of refusals too, which are CloudFront's own words.
  const transport = Object.entries(transportHeaders(settings))
  const site = siteFiles(webRoot)
  const compress = compressor()

  const locked = behindLock(options, compress)

  const catalogue = async (exchange: Exchange): Promise<void> => {
    const key = plainKey(exchange.behaviour.lookup === 'root' ? `catalogue${exchange.path}` : exchange.path.slice(1))
    const isSent = key?.startsWith('catalogue/') && (await sendObject(exchange, key, { objects, compress }))
    if (!isSent) refuseAsXml(exchange.response, 404, 'NoSuchKey', 'The specified key does not exist.')
  }

  const shell = async (exchange: Exchange): Promise<void> => {
    const file = await site('/index.html')
    if (file) return sendSiteFile(exchange, file, compress)
    refuseAsText(exchange, 503, 'The web app has not been built yet.', { 'retry-after': '5' })
  }

  const page = async (exchange: Exchange): Promise<void> => {
    if (isHostile(exchange.path)) return refuseAsText(exchange, 400, 'That is no address of this school.')
    const name = pageName(exchange)
    const isSent = name !== undefined && (await sendObject(exchange, `catalogue/pages/${name}.html`, { objects, compress }))
    if (!isSent) await shell(exchange)
  }

  const web = async (exchange: Exchange): Promise<void> => {
    if (isHostile(exchange.path)) return refuseAsText(exchange, 400, 'That is no address of this school.')
    const file = await site(exchange.path)
    if (file) return sendSiteFile(exchange, file, compress)
    // The app's own addresses have no dot in their last name: what has one was meant to be a file.
    const isFile = exchange.behaviour.lookup === 'path' || /\.[^/]*$/.test(exchange.path)
    return isFile ? refuseAsText(exchange, 404, 'There is no such file.') : shell(exchange)
  }

  return async (request, response) => {
    const [path = ''] = (request.url ?? '').split('?', 1)
    const behaviour = behaviourIn(table, path)
    const exchange = { request, response, path, behaviour }
    if (behaviour.origin === 'app') return false
    cutWhenStalled(response, stalledMs)
    for (const [name, value] of transport) response.setHeader(name, value)
    if (behaviour.readableFrom !== undefined) shareWith(response, behaviour.readableFrom)
    if (!READ_METHODS.includes(request.method ?? '')) refuseAsText(exchange, 405, 'Only GET and HEAD are answered here.', { allow: READ_METHODS.join(', ') })
    else if (!path.startsWith('/')) refuseAsText(exchange, 400, 'That is no address of this school.')
    else if (behaviour.isSigned) await locked(exchange)
    else if (behaviour.origin === 'site') await web(exchange)
    else if (isPage(behaviour)) await page(exchange)
    else await catalogue(exchange)
    return true
  }
}
