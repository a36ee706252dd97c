import '#core/platform.ts'
import { OBJECT_PLACES } from '#core/privacy/objects.ts'
import { type KeptKind, keptKinds } from '#core/records.ts'

const BECOMES = { goes: 'removed', stays: 'kept under a pseudonym', nobody: 'nobody’s' }

const row = ({ pattern: { pk, sk }, people: { what, says, because = '' } }: KeptKind): string =>
  `| ${says} | \`${pk}\` · \`${sk}\` | ${BECOMES[what]} | ${because} |`

/** What the school keeps of people, by the declarations it acts by. */
export const personalPage = (): string => {
  const kinds = keptKinds().toSorted((one, other) => `${one.pattern.pk} ${one.pattern.sk}`.localeCompare(`${other.pattern.pk} ${other.pattern.sk}`))
  const own = kinds.filter(({ people }) => people.what !== 'nobody')
  const others = kinds.filter(({ people }) => people.what === 'nobody').map(({ pattern: { pk, sk } }) => `\`${pk}\` · \`${sk}\``)
  const places = OBJECT_PLACES.map(({ prefix, what, says }) => `| ${says} | \`${prefix}\` | ${BECOMES[what]} |`)
  return `# What the school keeps of people

Said in the words of whoever asks, and what becomes of it when they leave. Made by \`npm run gen\` from what each record declares
(\`people\` of \`core/*/records.ts\`): a kind of record that says nothing does not compile, and an item of no kind stops an erasure.

| what | key | when they leave | why it is kept |
|---|---|---|---|
${own.map(row).join('\n')}

| objects | prefix | when they leave |
|---|---|---|
${places.join('\n')}

Of nobody: ${others.join(', ')}.
`
}
