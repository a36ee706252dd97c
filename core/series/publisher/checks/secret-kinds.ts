const KINDS: readonly [kind: string, pattern: RegExp][] = [
  ['a key of AWS', /\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b/],
  ['a secret key of AWS', /aws.{0,20}(?:secret|key).{0,20}[=:]\s*["']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/i],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----/],
  ['a token of GitHub', /\bgh[opsur]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{22,}/],
  ['a token of GitLab', /\bgl(?:pat|dt|rt|ptt)-[\w-]{20,}/],
  ['a token of Slack', /\bxox[a-z]-[A-Za-z0-9-]{10,}|hooks\.slack\.com\/services\/\w+/],
  ['a key of Stripe', /\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9+/=]{16,}/],
  ['a key of Google', /\bAIza[\w-]{35}/],
  ['a key of a chatbot', /\bsk-(?:ant-|proj-|or-)?[\w-]{20,}/],
  ['a token of npm', /\bnpm_[A-Za-z0-9]{36}/],
  ['a key of SendGrid', /\bSG\.[\w-]{16,}\.[\w-]{16,}/],
  ['a signed token', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/],
  ['a password in an address', /[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@<>]*:[^\s/@<>]{3,}@/i],
  ['a password', /\b(?:password|passwd|secret|api[_-]?key|access[_-]?token)\b["']?\s*[=:]\s*["'](?=[^\s"']*\d)(?=[^\s"']*[a-z])[^\s"']{12,}["']/i],
]

const LONG = /[A-Za-z0-9+_=-]{32,}/g
const KINDS_OF_SIGNS = [/[a-z]/, /[A-Z]/, /\d.*\d.*\d/]
const MOST_BITS = 4.3

/** Of chance in each character, as Shannon has it: words have 3 to 4, hexadecimal digits 4, keys of 32 letters and digits about 4.6. */
const bitsPerCharacter = (text: string): number => {
  const counts = new Map<string, number>()
  for (const sign of text) counts.set(sign, (counts.get(sign) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0)
}

const isRandom = (text: string): boolean => KINDS_OF_SIGNS.every((kind) => kind.test(text)) && bitsPerCharacter(text) > MOST_BITS

/** The kinds of secrets that a text seems to hold. */
export const secretKinds = (text: string): string[] => {
  const known = KINDS.filter(([, pattern]) => pattern.test(text)).map(([kind]) => kind)
  if (known.length > 0) return known
  return (text.match(LONG) ?? []).some(isRandom) ? ['a long random string, as keys are'] : []
}
