import assert from 'node:assert/strict'
import { constants, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { rsa } from '#core/delivery/keys.fixture.ts'
import { fromEdgeBase64, toEdgeBase64 } from '#core/delivery/signer.ts'

export type Random = (below: number) => number

/** With a seed, so that what gets through can be made again. */
export const seeded = (seed: number): Random => {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
export const oneOf = <T>(random: Random, list: readonly T[]): T => list[random(list.length)] ?? assert.fail('an empty list')

export const changed = (text: string, random: Random): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~+/=.%"'
  const [at, letter] = [random(text.length), alphabet.charAt(random(alphabet.length))]
  return oneOf(random, [
    text.slice(0, at) + letter + text.slice(at + 1),
    text.slice(0, at) + text.slice(at + 1),
    text.slice(0, at) + letter + text.slice(at),
    text + letter,
  ])
}

const bytesOf = (text: string): Buffer => Buffer.from(fromEdgeBase64(text) ?? assert.fail(text))

export const bitFlipped = (text: string, bit: number): string => {
  const bytes = bytesOf(text)
  bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
  return toEdgeBase64(bytes)
}

/** The same bytes in a spelling that a lenient reader takes for the same. */
export const respelled = (text: string, random: Random): string => {
  const bytes = bytesOf(text)
  const at = random(text.length)
  const body = text.replace(/_+$/, '')
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-~'
  return oneOf(random, [
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    encodeURIComponent(bytes.toString('base64')),
    body,
    `${text}_`,
    `${text}____`,
    `${text}AA__`,
    `"${text}"`,
    `${text.slice(0, at)}%0A${text.slice(at)}`,
    `${text.slice(0, at)} ${text.slice(at)}`,
    `${text.slice(0, at)}%${text.charCodeAt(at).toString(16)}${text.slice(at + 1)}`,
    // One of the bits beyond the last byte, which nothing reads; without any, a byte that nothing needs.
    body === text ? `${text}AA__` : body.slice(0, -1) + letters.charAt(letters.indexOf(body.slice(-1)) ^ 1) + text.slice(body.length),
  ])
}

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

const bigOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`)
const fixed = (value: bigint, bytes: number): Buffer => Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex')
const tagged = (tag: number, body: Buffer): Buffer => Buffer.concat([Buffer.from([tag, body.length]), body])
const integer = (value: bigint): Buffer => {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
  return tagged(2, bytes.readUInt8(0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}
const der = (...values: bigint[]): Buffer => tagged(0x30, Buffer.concat(values.map(integer)))
const halvesOf = (signature: Buffer): { r: bigint; s: bigint } => {
  const length = signature.readUInt8(3)
  return { r: bigOf(signature.subarray(4, 4 + length)), s: bigOf(signature.subarray(6 + length)) }
}

/** (r, n − s) for (r, s): the other half of a pair that holds over the same text under the same key. */
export const twinOf = (signature: string): string => {
  const { r, s } = halvesOf(bytesOf(signature))
  return toEdgeBase64(der(r, P256_ORDER - s))
}

const ecForgery = (signature: Buffer, random: Random): Buffer => {
  const { r, s } = halvesOf(signature)
  const padded = (value: bigint): Buffer => tagged(2, Buffer.concat([Buffer.from([0, 0]), fixed(value, 32)]))
  const body = signature.subarray(2)
  return oneOf(random, [
    Buffer.concat([fixed(r, 32), fixed(s, 32)]),
    der(s, r),
    der(r + P256_ORDER, s),
    der(r, s + P256_ORDER),
    ...[0n, 1n, P256_ORDER - 1n, P256_ORDER, P256_ORDER + 1n].flatMap((value) => [der(value, value), der(r, value), der(value, s)]),
    der(r),
    der(r, s, 0n),
    tagged(0x30, Buffer.concat([padded(r), integer(s)])),
    tagged(0x30, Buffer.concat([integer(r), padded(s)])),
    tagged(0x30, Buffer.concat([tagged(2, fixed(r, 32).subarray(0, 31)), integer(s)])),
    Buffer.concat([Buffer.from([0x30, 0x81, body.length]), body]),
    Buffer.concat([Buffer.from([0x30, 0x80]), body, Buffer.from([0, 0])]),
    Buffer.concat([Buffer.from([0x31, body.length]), body]),
    Buffer.concat([signature, Buffer.from([random(256)])]),
    tagged(0x30, signature),
  ])
}

const rsaModulus = bigOf(Buffer.from(createPublicKey(rsa.publicKey).export({ format: 'jwk' }).n ?? '', 'base64url'))

const rsaForgery = (signature: Buffer, text: string, random: Random): Buffer => {
  const s = bigOf(signature)
  const [key, data] = [createPrivateKey(rsa.privateKey.reveal()), Buffer.from(text)]
  const makers: (() => Buffer)[] = [
    () => Buffer.concat([Buffer.from([0]), signature]),
    () => Buffer.concat([signature, Buffer.from([0])]),
    () => signature.subarray(1),
    () => Buffer.from(signature).reverse(),
    () => fixed(s + rsaModulus, 257),
    () => fixed(rsaModulus - s, 256),
    () => fixed((s * s) % rsaModulus, 256),
    ...[0n, 1n, rsaModulus - 1n, rsaModulus].map((value) => () => fixed(value, 256)),
    () => sign('sha256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: random(33) }),
    () => sign('sha512', data, key),
    () => sign('sha256', Buffer.from(`${text} `), key),
    // No hash named inside the padding: what a verifier that only looks for the digest would take.
    () => sign(null, data.subarray(0, 200), key),
  ]
  return oneOf(random, makers)()
}

/** A signature that holds, in another encoding or by another scheme, with other numbers or over nearly the same text. */
export const forged = (signature: string, text: string, { random, isRsa }: { random: Random; isRsa: boolean }): string =>
  toEdgeBase64(isRsa ? rsaForgery(bytesOf(signature), text, random) : ecForgery(bytesOf(signature), random))
