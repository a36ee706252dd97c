import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What opens something, by how it looks: cookies, signed URLs, tokens, keys, secrets of webhooks. */
const SECRETS: readonly RegExp[] = [
  /CloudFront-(?:Signature|Policy)/i,
  /[?&](?:Signature|Policy)=/i,
  /Lectern-Stream=/i,
  /\bset-cookie\b/i,
  /Bearer ey/i,
  /\beyJ[A-Za-z0-9_-]{20,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /\bwhsec_/,
]

/** The kinds of secrets that stand in a text; never the secrets themselves, for this ends up in a log as well. */
export const secretsIn = (text: string): string[] => SECRETS.filter((look) => look.test(text)).map(({ source }) => source)

/** Everything that a program wrote to logs below its data folder. */
export const logsBelow = async (data: string): Promise<{ name: string; text: string }[]> => {
  const names = (await readdir(data, { recursive: true })).filter((name) => name.endsWith('.log'))
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(data, name), 'utf8') })))
}
