import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'

/**
 * Loaded before a function's bundle: names of the outside lead to servers of this machine, and all others nowhere. The bundle
 * itself asks for the very addresses it would ask for on AWS.
 */
const hosts: Record<string, string> = JSON.parse(process.argv[2] ?? '{}')

const isLocal = (host: string): boolean => host === '127.0.0.1' || host === 'localhost'

const placeOf = (host: string): URL => {
  const place = hosts[host]
  if (place === undefined) throw new Error(`Nobody is called ${host} in a rehearsal.`)
  return new URL(place)
}

const { fetch } = globalThis
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init)
  const url = new URL(request.url)
  if (isLocal(url.hostname)) return fetch(request)
  const place = placeOf(url.hostname)
  return fetch(new Request(new URL(url.pathname + url.search, place), request))
}

type Answering = (response: IncomingMessage) => void

const ask = (given: RequestOptions | string | URL, more?: RequestOptions | Answering, last?: Answering): ClientRequest => {
  const named = typeof given === 'string' || given instanceof URL ? new URL(given) : undefined
  const own = named ? (typeof more === 'object' ? more : {}) : given instanceof URL || typeof given === 'string' ? {} : given
  const done = typeof more === 'function' ? more : last
  const place = placeOf(String(named?.hostname ?? own.hostname ?? own.host))
  const path = named ? named.pathname + named.search : own.path
  // Neither TLS nor the agent that would speak it: the signed host stays as it is in the headers.
  const { agent: _agent, hostname: _hostname, ...kept } = own
  return http.request({ ...kept, path, protocol: 'http:', host: place.hostname, port: place.port }, done)
}

Object.assign(https, { request: ask })
syncBuiltinESMExports()
