import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CLOUDFLARE } from './cloudflare-networks.ts'
import { callerBehind, isProxyList, peerOf, proxyNetworks } from './proxies.ts'

const [VISITOR, LIAR, CLOUDFLARES, CLOUDFLARES_V6] = ['198.51.100.7', '203.0.113.66', '162.158.10.20', '2400:cb00:12::8']

/** Who is taken to have asked, over a connection from `peer` with these headers. */
const asked = (list: string, peer: string, headers: Record<string, string> = {}): string =>
  callerBehind(proxyNetworks(list))({ socket: { remoteAddress: peer }, headers })

test('while nobody is trusted, whoever connects is who asks, whatever they write', () => {
  const headers = { 'x-forwarded-for': LIAR, 'cf-connecting-ip': LIAR }
  for (const peer of ['127.0.0.1', '::1', CLOUDFLARES]) assert.equal(peerOf({ socket: { remoteAddress: peer }, headers }), peer)
  assert.equal(asked('', VISITOR, headers), VISITOR)
})

test('a visitor behind Cloudflare is named by it, over IPv4 and IPv6', () => {
  for (const peer of [CLOUDFLARES, CLOUDFLARES_V6, `::ffff:${CLOUDFLARES}`])
    for (const visitor of [VISITOR, '2001:db8:7::1']) assert.equal(asked('cloudflare', peer, { 'cf-connecting-ip': visitor }), visitor)
})

test('who connects from beside the ranges and calls themselves somebody is still themselves', () => {
  const headers = { 'cf-connecting-ip': LIAR, 'x-forwarded-for': `${LIAR}, ${CLOUDFLARES}` }
  for (const peer of [VISITOR, '162.157.255.255', '162.160.0.0', '2400:cb01::1', '127.0.0.1']) assert.equal(asked('cloudflare', peer, headers), peer)
})

test('Cloudflare’s own word is not taken from a proxy that is none of Cloudflare’s', () => {
  assert.equal(asked('loopback', '127.0.0.1', { 'cf-connecting-ip': LIAR, 'x-forwarded-for': VISITOR }), VISITOR)
  assert.equal(asked('loopback', '127.0.0.1', { 'cf-connecting-ip': LIAR }), '127.0.0.1')
})

test('through a chain of proxies the last one nobody trusts is the caller, and what they wrote before is hearsay', () => {
  const chain = { 'x-forwarded-for': `10.9.9.9, ${LIAR}, ${VISITOR}, 10.0.0.5` }
  assert.equal(asked('loopback,10.0.0.0/8', '::1', chain), VISITOR)
  assert.equal(asked('loopback', '::1', chain), '10.0.0.5')
  const behindBoth = { 'x-forwarded-for': `${LIAR}, ${VISITOR}, ${CLOUDFLARES}`, 'cf-connecting-ip': VISITOR }
  assert.equal(asked('cloudflare,loopback', '127.0.0.1', behindBoth), VISITOR)
  assert.equal(asked('cloudflare,loopback', '127.0.0.1', { ...behindBoth, 'cf-connecting-ip': 'nobody, else' }), VISITOR)
})

test('who reaches the proxy on this machine past Cloudflare cannot speak for it', () => {
  assert.equal(asked('cloudflare,loopback', '127.0.0.1', { 'x-forwarded-for': `${CLOUDFLARES}, ${LIAR}`, 'cf-connecting-ip': VISITOR }), LIAR)
})

test('a hop is read with a port, in brackets and as mapped IPv4; one that is no address ends the chain', () => {
  const from = (hop: string): string => asked('loopback', '127.0.0.1', { 'x-forwarded-for': hop })
  assert.equal(from(`${VISITOR}:4711`), VISITOR)
  assert.equal(from('[2001:db8::9]:443'), '2001:db8::9')
  assert.equal(from(`::ffff:${VISITOR}`), VISITOR)
  for (const hop of ['unknown', '_hidden', '', '999.1.1.1', `${VISITOR} `.repeat(2), '127.0.0.1, junk']) assert.equal(from(hop), '127.0.0.1', hop)
})

test('a list that cannot be read, or that believes everybody, is refused', () => {
  for (const list of ['', 'cloudflare', 'loopback, cloudflare', '10.0.0.0/8,fc00::/7', '192.0.2.1', ' 2001:db8::/32 ']) assert.ok(isProxyList(list), list)
  for (const list of ['0.0.0.0/0', '::/0', 'everybody', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/', '10.0.0.0 8', 'cloudflare;loopback'])
    assert.ok(!isProxyList(list), list)
})

test('Cloudflare’s list has the date of its page and networks that can be read', () => {
  assert.match(CLOUDFLARE.date, /^\d{4}-\d\d-\d\d$/)
  assert.ok(isProxyList(CLOUDFLARE.networks.join(',')))
  assert.deepEqual([CLOUDFLARE.networks.filter((each) => each.includes('.')).length, new Set(CLOUDFLARE.networks).size], [15, 22])
})
